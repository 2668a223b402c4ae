// SPDX-License-Identifier: Apache-2.0
// Columns are asked before the payload, whose JSON costs a microsecond a row.
// A payload that somebody made invalid JSON must not end the question for all
// other rows: SQLite's functions fail on it, so each use asks first.
#include "audit/filter.h"

#include <algorithm>
#include <utility>

namespace gatehouse::audit {
namespace {

std::vector<std::string> ListWords(std::string_view list) {
  std::vector<std::string> words;
  while (true) {
    const std::size_t comma = list.find(',');
    if (comma != 0 && !list.empty()) words.emplace_back(list.substr(0, comma));
    if (comma == std::string_view::npos) return words;
    list.remove_prefix(comma + 1);
  }
}

// Only "*" is a wildcard. Words are short, and typed by whoever waits.
bool FitsWord(std::string_view word, std::string_view value) {
  const std::size_t star = word.find('*');
  if (star == std::string_view::npos) return word == value;
  if (!value.starts_with(word.substr(0, star))) return false;
  value.remove_prefix(star);
  word.remove_prefix(star + 1);
  for (std::size_t skipped = 0; skipped <= value.size(); ++skipped) {
    if (FitsWord(word, value.substr(skipped))) return true;
  }
  return false;
}

// SQLite's GLOB knows more than "*", which nobody here may mean.
std::string GlobOf(const std::string& word) {
  std::string glob;
  for (const char letter : word) {
    if (letter == '?' || letter == '[') {
      glob.append("[") += letter;
      glob += ']';
    } else {
      glob += letter;
    }
  }
  return glob;
}

std::string Extract(std::string_view path, std::string_view json = "payload") {
  return "json_extract(" + std::string(json) + ", '$." + std::string(path) +
         "')";
}

std::string OfValid(const std::string& condition,
                    const std::string& payload = "payload") {
  return "CASE WHEN json_valid(" + payload + ") THEN " + condition +
         " ELSE 0 END";
}

class SqlWriter {
 public:
  void And(const std::string& condition) {
    if (!sql_.where.empty()) sql_.where += " AND ";
    sql_.where += "(" + condition + ")";
  }
  // "?N", which will be `text`.
  std::string Bind(std::string text) {
    sql_.parameters.push_back(std::move(text));
    return "?" + std::to_string(sql_.parameters.size());
  }
  std::string FitsWord(const std::string& expression, const std::string& word) {
    if (word.find('*') == std::string::npos) {
      return expression + " = " + Bind(word);
    }
    return expression + " GLOB " + Bind(GlobOf(word));
  }
  std::string Fits(const std::string& expression, const std::string& list) {
    std::string any;
    for (const std::string& word : ListWords(list)) {
      any += (any.empty() ? "" : " OR ") + FitsWord(expression, word);
    }
    return any.empty() ? "0" : "(" + any + ")";
  }
  void Column(const std::string& column, const std::string& list) {
    if (!list.empty()) And(Fits(column, list));
  }
  void Payload(std::string_view path, const std::string& list) {
    if (!list.empty()) And(OfValid(Fits(Extract(path), list)));
  }

  FilterSql Take() { return std::move(sql_); }

 private:
  FilterSql sql_;
};

// "deployments.apps/scale": resource, group and subresource, as far as given.
std::string FitsResource(SqlWriter& sql, const std::string& list) {
  std::string any;
  for (const std::string& word : ListWords(list)) {
    const std::size_t slash = word.find('/');
    const std::string plain = word.substr(0, slash);
    const std::size_t dot = plain.find('.');
    std::string all =
        sql.FitsWord(Extract("resource", "asked.value"), plain.substr(0, dot));
    if (dot != std::string::npos) {
      all += " AND " + sql.FitsWord(Extract("group", "asked.value"),
                                    plain.substr(dot + 1));
    }
    if (slash != std::string::npos) {
      all += " AND " + sql.FitsWord(Extract("subresource", "asked.value"),
                                    word.substr(slash + 1));
    }
    any += (any.empty() ? "(" : " OR (") + all + ")";
  }
  return any.empty() ? "0" : "(" + any + ")";
}

std::string SomeRequest(const std::string& condition) {
  return OfValid(
      "EXISTS (SELECT 1 FROM json_each(payload, '$.requests') AS "
      "asked WHERE " +
      condition + ")");
}

// One request must fit all that is asked of requests. A namespace alone is
// asked of the column, which stays when a payload is erased.
void AddRequests(SqlWriter& sql, const Filter& filter) {
  const bool globbed = filter.namespace_name.find('*') != std::string::npos;
  const bool alone = filter.verb.empty() && filter.resource.empty() &&
                     filter.name.empty() && !globbed;
  if (alone && filter.namespace_name.empty()) return;
  if (alone) {
    std::string any = "instr(namespaces, ',*,') > 0";
    for (const std::string& word : ListWords(filter.namespace_name)) {
      any += " OR instr(namespaces, " + sql.Bind("," + word + ",") + ") > 0";
    }
    sql.And(any);
    return;
  }
  std::string all = "1";
  const auto value = [](std::string_view key) {
    return Extract(key, "asked.value");
  };
  if (!filter.verb.empty()) {
    all += " AND " + sql.Fits(value("verb"), filter.verb);
  }
  if (!filter.resource.empty()) {
    all += " AND " + FitsResource(sql, filter.resource);
  }
  if (!filter.name.empty()) {
    all += " AND " + sql.Fits(value("name"), filter.name);
  }
  if (!filter.namespace_name.empty()) {
    all += " AND (" + sql.Fits(value("namespace"), filter.namespace_name) +
           " OR " + value("all_namespaces") + ")";
  }
  sql.And(SomeRequest(all));
}

void AddContext(SqlWriter& sql, const Filter& filter) {
  if (filter.context.empty()) return;
  const std::string current =
      OfValid(sql.Fits(Extract("context"), filter.context));
  sql.And(
      current + " OR " +
      SomeRequest(sql.Fits(Extract("context", "asked.value"), filter.context)));
}

// The subqueries do not depend on the row: SQLite runs each once.
void AddOutcome(SqlWriter& sql, const Filter& filter) {
  if (filter.outcome.empty()) return;
  std::string any =
      "call <> '' AND call IN (SELECT call FROM record AS came WHERE stage = "
      "'outcome' AND " +
      OfValid(sql.Fits(Extract("outcome", "came.payload"), filter.outcome),
              "came.payload") +
      ")";
  any += " OR (" + sql.Fits("'unknown'", filter.outcome) +
         " AND stage = 'decision' AND call <> '' AND (decision = 'allow' OR " +
         OfValid(Extract("enforced") + " = 0") +
         ") AND call NOT IN (SELECT call FROM record WHERE stage = "
         "'outcome'))";
  sql.And(any);
}

void AddStage(SqlWriter& sql, const Filter& filter) {
  if (filter.stage.empty()) {
    sql.And("stage <> 'outcome'");
  } else {
    sql.Column("stage", filter.stage);
  }
  const bool named = !filter.event.empty() || filter.stage == "event";
  if (filter.reads == TrailReads::kTake || named) return;
  sql.And("CASE WHEN stage = 'event' AND json_valid(payload) THEN " +
          Extract("event") + " IS NOT '" + std::string(kTrailRead) +
          "' ELSE 1 END");
}

void AddTimes(SqlWriter& sql, const Filter& filter) {
  if (filter.after > 0) sql.And("seq > " + std::to_string(filter.after));
  if (filter.since_ns) {
    sql.And("time_ns >= " + std::to_string(*filter.since_ns));
  }
  if (filter.until_ns) {
    sql.And("time_ns < " + std::to_string(*filter.until_ns));
  }
}

}  // namespace

bool FitsWords(std::string_view list, std::string_view value) {
  return std::ranges::any_of(ListWords(list), [value](const std::string& word) {
    return FitsWord(word, value);
  });
}

FilterSql ToSql(const Filter& filter) {
  SqlWriter sql;
  AddTimes(sql, filter);
  AddStage(sql, filter);
  if (!filter.session.empty()) {
    const std::string start = sql.Bind(filter.session);
    sql.And("substr(session, 1, length(" + start + ")) = " + start);
  }
  sql.Column("decision", filter.decision);
  sql.Column("code", filter.code);
  sql.Column("tool", filter.tool);
  sql.Payload("rule", filter.rule);
  sql.Payload("event", filter.event);
  sql.Payload("method", filter.method);
  sql.Payload("server", filter.server);
  sql.Payload("os_user", filter.user);
  sql.Payload("kube_user", filter.kube_user);
  sql.Payload("client.name", filter.client);
  sql.Payload("mode", filter.mode);
  AddContext(sql, filter);
  AddRequests(sql, filter);
  AddOutcome(sql, filter);
  return sql.Take();
}

}  // namespace gatehouse::audit
