// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which kubectl and helm the tests run, and let the MCP servers run: the ones
// that scripts/install-test-servers brought from npm, so that every machine
// tests against the same versions.

#include <string>

namespace gatehouse::testing {

// Absolute paths: $GATEHOUSE_KUBECTL or $GATEHOUSE_HELM where set; else in
// build/npm/kubernetes of the source tree (or $GATEHOUSE_NPM/kubernetes); else
// on PATH; else "", and the test fails with kServersMissing (npm_servers.h).
std::string FindKubectl();
std::string FindHelm();

// Puts the folder of FindKubectl() first on PATH, for every program that this
// process starts from now on. Without a kubectl: nothing.
void PutKubernetesToolsOnPath();

}  // namespace gatehouse::testing
