// SPDX-License-Identifier: Apache-2.0
#pragma once
// What nearly every file includes, parsed once per build. Files still include
// what they use; this only makes it fast.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>
