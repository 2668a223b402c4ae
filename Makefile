# SPDX-License-Identifier: Apache-2.0
# A thin front over CMake's presets. `make` alone says what there is.
PREFIX ?= /usr/local
DESTDIR ?=
JOBS ?= $(shell nproc)
RELEASE := build/release
TESTS := build/asan
# Tests wait for processes as often as for a core.
TEST_JOBS ?= $(shell echo $$(($(JOBS) + 1)))
SECONDS ?= 300

.PHONY: helm-goldens help demo build bench test nightly fuzz hunt tidy \
        format-check install clean kubectl-goldens \
        dependencies test-dependencies nightly-dependencies

help:
	@echo "make demo     install what is missing, build, and show Gatehouse at work"
	@echo "make build    $(RELEASE)/gatehouse"
	@echo "make test     every test of the CI tier, under address and UB sanitizers"
	@echo "make nightly  every test, the long ones too, and a minute per fuzz target"
	@echo "make hunt     hostile calls of chance to the real servers; SECONDS=$(SECONDS)"
	@echo "make helm-goldens  holds our reading of helm against the one on PATH"
	@echo "make install  into PREFIX=$(PREFIX) (DESTDIR is honoured)"
	@echo "make kubectl-goldens  holds our reading of kubectl against the one on PATH"
	@echo "make tidy     clang-tidy over the whole tree"
	@echo "make bench    what a decision costs, in a release build of its own"
	@echo "make clean    remove build/"

dependencies:
	@scripts/install-dependencies

test-dependencies:
	@scripts/install-dependencies --test
	@scripts/install-test-servers

nightly-dependencies: test-dependencies
	@scripts/install-dependencies --nightly
	@scripts/install-test-servers --nightly

build: dependencies
	@cmake --preset release -DCMAKE_INSTALL_PREFIX=$(PREFIX)
	@cmake --build --preset release --parallel $(JOBS)

demo: build
	@$(RELEASE)/gatehouse demo

test: test-dependencies format-check
	@cmake --preset asan
	@cmake --build --preset asan --parallel $(JOBS)
	@cd $(TESTS) && ctest --output-on-failure --parallel $(TEST_JOBS) \
	  --label-exclude nightly --no-tests=error

nightly: nightly-dependencies format-check
	@cmake --preset asan
	@cmake --build --preset asan --parallel $(JOBS)
	@cd $(TESTS) && ctest --output-on-failure --parallel $(JOBS) --no-tests=error
	@scripts/fuzz 60

fuzz: nightly-dependencies
	@scripts/fuzz 60

# SEED=N shows one again; SERVER=NAME hunts one server only.
hunt: test-dependencies
	@cmake --preset asan
	@cmake --build --preset asan --parallel $(JOBS) --target hunt_test
	@GATEHOUSE_HUNT_SECONDS=$(SECONDS) \
	  $(if $(SEED),GATEHOUSE_HUNT_SEED=$(SEED)) \
	  $(if $(SERVER),GATEHOUSE_HUNT_SERVER=$(SERVER)) \
	  $(TESTS)/tests/e2e/hunt/hunt_test --gtest_filter='LongHunt.*'
# What kubectl asks for, against what we say it does: with the kubectl on PATH
# (else the one that the tests bring). RECORD=1 keeps the recording.
GOLDENS := $(if $(RECORD),tests/golden/kubectl,build/kubectl-goldens)
kubectl-goldens: test-dependencies
	@cmake --preset dev
	@cmake --build --preset dev --parallel $(JOBS) \
	  --target kubernetes_test gatehouse-sample-cluster
	@PATH="$$PATH:$(CURDIR)/build/npm/kubernetes" \
	  scripts/record-kubectl --into $(GOLDENS)
	@GATEHOUSE_KUBECTL_GOLDENS=$(GOLDENS) build/dev/tests/policy/kubernetes_test \
	  --gtest_filter='KubectlGolden.*' --gtest_brief=1

# HELM=PATH records another one; RECORD=1 keeps what was recorded.
HELM ?= helm
HELM_GOLDENS := $(if $(RECORD),tests/golden/helm,build/helm-goldens)
helm-goldens: test-dependencies
	@cmake --preset asan
	@cmake --build --preset asan --parallel $(JOBS) --target kubernetes_test \
	  --target gatehouse-sample-cluster
	@rm -rf build/helm-goldens
	@scripts/record-helm --helm $(HELM) \
	  --cluster $(TESTS)/gatehouse-sample-cluster $(HELM_GOLDENS)
	@GATEHOUSE_HELM_GOLDENS=$(CURDIR)/$(HELM_GOLDENS) \
	  $(TESTS)/tests/policy/kubernetes_test --gtest_filter='HelmGolden.*'

tidy: nightly-dependencies
	@cmake --workflow --preset tidy

format-check:
	@git ls-files '*.cc' '*.h' | xargs clang-format --dry-run --Werror

bench: nightly-dependencies
	@cmake --preset release -B build/bench -DBUILD_TESTING=ON
	@cmake --build build/bench --parallel $(JOBS) --target decide_bench verify_bench mask_bench audit_bench session_bench
	@build/bench/tests/bench/decide_bench --benchmark_counters_tabular=true
	@build/bench/tests/bench/mask_bench
	@build/bench/tests/bench/verify_bench build/bench
	@build/bench/tests/bench/audit_bench build/bench
	@build/bench/tests/bench/session_bench

# Installs what `make build` made; as root it needs no compiler.
install:
	@test -x $(RELEASE)/gatehouse || $(MAKE) build
	@DESTDIR=$(DESTDIR) cmake --install $(RELEASE) --prefix $(PREFIX)

clean:
	@rm -rf build
