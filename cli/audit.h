// SPDX-License-Identifier: Apache-2.0
#pragma once
// The commands over the trail share this: where it is and how it is opened.

#include <memory>
#include <string>

#include "audit/reader.h"
#include "cli/command.h"

namespace gatehouse::cli {

void AddAuditList(Command audit);
void AddAuditShow(Command audit);
void AddAuditTail(Command audit);
void AddAuditStats(Command audit);
void AddAuditQuery(Command audit);
void AddAuditAnchor(Command audit);
void AddAuditPrune(Command audit);
void AddAuditVerify(Command audit);

void AddDatabaseOption(Command command, std::string& path);

// Where the trail is: `path`, or the default place; "" where none is known.
std::string TrailPath(const std::string& path);

// The trail at `path`, or at the default place where it is "". The error's
// sentence says what to do.
Result<std::unique_ptr<audit::Reader>> OpenTrail(const std::string& path);

// Where such a trail is, for commands that go on with its path.
Result<std::string> FindTrail(const std::string& path);

// Prints the error to stderr and returns the environment's exit code.
int FailedToRead(const Error& error);

// Likewise, but an error of the code `no` is the command's answer: kExitNo.
int FailedOrNo(const Error& error, ErrorCode no);

// Likewise, of what was typed.
int Misused(const Error& error);

}  // namespace gatehouse::cli
