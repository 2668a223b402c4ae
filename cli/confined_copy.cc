// SPDX-License-Identifier: Apache-2.0
#include "cli/confined_copy.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "audit/trail_files.h"

namespace gatehouse::cli {
namespace {

// Between two tries to write the copy.
constexpr std::chrono::milliseconds kTryAgain{100};

std::string Listed(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 8;
  std::string list;
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i) {
    list += (i == 0 ? "" : ", ") + names[i];
  }
  if (names.size() > kShown) {
    list += " and " + std::to_string(names.size() - kShown) + " more";
  }
  return list;
}

// Which files were looked at, and which of them are not there.
std::string LookedAt(const std::vector<std::string>& paths) {
  std::string text;
  for (const std::string& path : paths) {
    const bool there = access(path.c_str(), F_OK) == 0;
    text += (text.empty() ? ": " : ", ") + path +
            (there ? " has none" : " does not exist");
  }
  return text;
}

// "" where the kubeconfig has its current context, or names none.
std::string WhyNoCurrent(const Kubeconfig& whole) {
  if (whole.current.empty() || whole.contexts.Find(whole.current) != nullptr) {
    return "";
  }
  return "; its current-context \"" + whole.current + "\" is not in it";
}

Error NoContext(const CopySpec& spec) {
  const Kubeconfig& whole = spec.whole;
  std::vector<std::string> names;
  for (const KubeconfigEntry& context : whole.contexts) {
    names.push_back(context.name);
  }
  std::string sentence = "no context of the kubeconfig is in scope";
  sentence += names.empty()
                  ? ": there is none" + LookedAt(spec.files.paths()) +
                        " (name a kubeconfig with --kubeconfig)"
                  : "; there are " + Listed(names) + WhyNoCurrent(whole) +
                        " (choose with --context, or scope.contexts in the "
                        "policy; a context needs a cluster with a server; or "
                        "give the server the whole kubeconfig with "
                        "--no-confine)";
  return Error{ErrorCode::kNotFound, std::move(sentence)};
}

}  // namespace

ConfinedCopy::ConfinedCopy(CopySpec spec, PrivateFolder folder)
    : spec_(std::move(spec)),
      folder_(std::move(folder)),
      path_(folder_.path() + "/config") {}

Result<std::unique_ptr<ConfinedCopy>> ConfinedCopy::Make(CopySpec spec,
                                                         PrivateFolder folder) {
  std::unique_ptr<ConfinedCopy> copy(
      new ConfinedCopy(std::move(spec), std::move(folder)));
  const Status started = copy->Start();
  if (!started.ok()) return started.error();
  return copy;
}

Status ConfinedCopy::Start() {
  current_ = spec_.context.empty() ? spec_.whole.current : spec_.context;
  const std::vector<std::string> names = InScope();
  if (names.empty()) return NoContext(spec_);
  const std::string current = CurrentContext();
  if (std::find(names.begin(), names.end(), current) == names.end()) {
    return Error{ErrorCode::kNotFound,
                 "several contexts are in scope (" + Listed(names) +
                     ") and none of them is current" +
                     WhyNoCurrent(spec_.whole) +
                     ": choose one with "
                     "--context, or make one current (kubectl config "
                     "use-context)"};
  }
  current_ = current;
  started_ = current;
  auto made = MakeCopy();
  if (!made.ok()) return made.error();
  copy_ = std::move(made).value();
  return Write(copy_.text);
}

std::vector<std::string> ConfinedCopy::InScope() const {
  return ContextsInScope(spec_.whole, {spec_.in_scope, "", {}});
}

// The session's own, while it is in scope; else the sources', else the only
// one. Where none fits, a name that is not there: clients then fail on it.
std::string ConfinedCopy::CurrentContext() const {
  const std::vector<std::string> names = InScope();
  const auto has = [&names](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (has(current_)) return current_;
  if (has(spec_.whole.current)) return spec_.whole.current;
  return names.size() == 1 ? names.front() : current_;
}

Result<ConfinedKubeconfig> ConfinedCopy::MakeCopy() {
  const std::string current = CurrentContext();
  switched_ = switched_ || current != started_;
  auto made = Confine(spec_.whole, {spec_.in_scope, current, namespaces_});
  if (made.ok()) made.value().view.switched = switched_;
  return made;
}

// Each try is seen by whoever watches the folder, and that is the guard, which
// then asks for the view: without a pause it would do nothing else.
const ClusterView& ConfinedCopy::View() {
  const bool due = written_
                       ? spec_.files.Changed() || StampOf(path_) != stamp_
                       : std::chrono::steady_clock::now() - tried_ >= kTryAgain;
  if (due) Refresh();
  return written_ ? copy_.view : nothing_;
}

void ConfinedCopy::Refresh() {
  tried_ = std::chrono::steady_clock::now();
  ReadServersEdits();
  bool fresh = ReadSources();
  auto made = MakeCopy();
  if (made.ok()) {
    copy_ = std::move(made).value();
  } else {
    fresh = false;
    Warn(made.error().sentence + " (the server keeps what it had)");
  }
  const Status written = Write(copy_.text);
  written_ = written.ok();
  // What the server has now is not known, and so not where any call goes.
  if (!written_) {
    nothing_.unknown =
        "the server's copy of the kubeconfig cannot be written, calls "
        "are refused until it can: " +
        written.error().sentence;
    return Warn(nothing_.unknown);
  }
  if (fresh) last_warning_.clear();
}

// A source that is being written may be half there: what was last read stands
// until it can be read again.
bool ConfinedCopy::ReadSources() {
  auto whole = spec_.files.Read();
  if (!whole.ok()) {
    Warn(whole.error().sentence + " (the server keeps what it had)");
    return false;
  }
  spec_.whole = std::move(whole).value();
  return true;
}

void ConfinedCopy::ReadServersEdits() {
  if (StampOf(path_) == stamp_) return;
  KubeconfigOrigin origin;
  origin.paths = {path_};
  const auto edited = KubeconfigFiles(std::move(origin)).Read();
  if (!edited.ok()) return;  // half written, or broken: written over
  const ClusterView view = ViewOf(edited.value());
  if (copy_.view.Find(view.current) != nullptr) current_ = view.current;
  for (const ContextView& context : view.contexts) {
    const ContextView* written = copy_.view.Find(context.name);
    if (written == nullptr ||
        written->namespace_name == context.namespace_name) {
      continue;
    }
    namespaces_[context.name] = context.namespace_name;
  }
}

Status ConfinedCopy::Write(const std::string& text) {
  if (access(folder_.path().c_str(), F_OK) != 0 && errno == ENOENT) {
    Status made = folder_.MakeAgain();
    if (!made.ok()) return made;
  }
  const std::string next = path_ + ".next";
  Status replaced = Replace(next, text);
  if (!replaced.ok()) unlink(next.c_str());
  return replaced;
}

// The server may have put a folder where one of the two files is to stand.
Status ConfinedCopy::Replace(const std::string& next, const std::string& text) {
  std::error_code ignored;  // what stays in the way is said below
  std::filesystem::remove_all(next, ignored);
  const UniqueFd fd(open(next.c_str(),
                         O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                         S_IRUSR | S_IWUSR));
  if (!fd.open()) return SystemError("make " + next, errno);
  if (!audit::WriteAll(fd.get(), text)) {
    return SystemError("write " + next, errno);
  }
  if (std::filesystem::is_directory(
          std::filesystem::symlink_status(path_, ignored))) {
    std::filesystem::remove_all(path_, ignored);
  }
  if (rename(next.c_str(), path_.c_str()) != 0) {
    return SystemError("rename " + next + " to " + path_, errno);
  }
  stamp_ = StampOf(path_);
  return Done{};
}

void ConfinedCopy::Warn(const std::string& sentence) {
  if (sentence == last_warning_) return;
  last_warning_ = sentence;
  if (spec_.warn) spec_.warn(sentence);
}

}  // namespace gatehouse::cli
