// SPDX-License-Identifier: Apache-2.0
#pragma once
// How OpenSSL starts in our programs. Everything else of it is behind
// policy/policy_text and audit/digest.

namespace gatehouse {

// Before the first digest of the process, by its main: OpenSSL then reads no
// configuration file. The machine's could load engines and providers, foreign
// code, into the guard, and reading it takes as long as all else that a start
// does with a policy. Our digests and signatures need its own provider only.
void StartOpenssl();

}  // namespace gatehouse
