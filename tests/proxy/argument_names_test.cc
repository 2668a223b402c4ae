// SPDX-License-Identifier: Apache-2.0
#include "proxy/argument_names.h"

#include <gtest/gtest.h>

#include "policy/json_value.h"
#include "tests/proxy/line_fixture.h"

namespace gatehouse {
namespace {}  // namespace
}  // namespace gatehouse
