// SPDX-License-Identifier: Apache-2.0
// The source that precompiled.h is compiled with; holds nothing itself.
