// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/pod_controls.h"

#include <algorithm>
#include <string>
#include <vector>

#include "policy/kubernetes/fields.h"

namespace gatehouse {
namespace {

constexpr PodSecurity kPrivileged = PodSecurity::kPrivileged;
constexpr PodSecurity kBaseline = PodSecurity::kBaseline;
constexpr std::string_view kSeLinuxTypes =
    "container_t container_init_t container_kvm_t container_engine_t";

// Of the pod's spec.
constexpr Control kPodControls[] = {
    {"hostNetwork", Accepts::kFalse, kPrivileged},
    {"hostPID", Accepts::kFalse, kPrivileged},
    {"hostIPC", Accepts::kFalse, kPrivileged},
    {"volumes[].hostPath", Accepts::kNothing, kPrivileged},
    {"securityContext.sysctls[].name", Accepts::kWords, kPrivileged,
     "kernel.shm_rmid_forced net.ipv4.ip_local_port_range "
     "net.ipv4.ip_unprivileged_port_start net.ipv4.tcp_syncookies "
     "net.ipv4.ping_group_range net.ipv4.ip_local_reserved_ports "
     "net.ipv4.tcp_keepalive_time net.ipv4.tcp_fin_timeout "
     "net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes"},
};

// Of the pod's spec and of each container.
constexpr Control kSharedControls[] = {
    {"securityContext.windowsOptions.hostProcess", Accepts::kFalse,
     kPrivileged},
    {"securityContext.seLinuxOptions.type", Accepts::kWords, kPrivileged,
     kSeLinuxTypes},
    {"securityContext.seLinuxOptions.user", Accepts::kWords, kPrivileged},
    {"securityContext.seLinuxOptions.role", Accepts::kWords, kPrivileged},
    {"securityContext.seccompProfile.type", Accepts::kWords, kPrivileged,
     kSafeProfiles},
    {"securityContext.appArmorProfile.type", Accepts::kWords, kPrivileged,
     kSafeProfiles},
    {"securityContext.runAsUser", Accepts::kNotZero, kBaseline},
    {"securityContext.runAsNonRoot", Accepts::kBool, kPrivileged},
};

// Of each container.
constexpr Control kContainerControls[] = {
    {"securityContext.privileged", Accepts::kFalse, kPrivileged},
    {"securityContext.allowPrivilegeEscalation", Accepts::kBool, kPrivileged},
    {"securityContext.capabilities.add[]", Accepts::kWords, kPrivileged,
     "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD "
     "NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT"},
    {"securityContext.capabilities.add[]", Accepts::kWords, kBaseline,
     "NET_BIND_SERVICE"},
    {"securityContext.procMount", Accepts::kWords, kPrivileged, "Default"},
    {"ports[].hostPort", Accepts::kZero, kPrivileged},
    {"livenessProbe.httpGet.host", Accepts::kWords, kPrivileged},
    {"livenessProbe.tcpSocket.host", Accepts::kWords, kPrivileged},
    {"readinessProbe.httpGet.host", Accepts::kWords, kPrivileged},
    {"readinessProbe.tcpSocket.host", Accepts::kWords, kPrivileged},
    {"startupProbe.httpGet.host", Accepts::kWords, kPrivileged},
    {"startupProbe.tcpSocket.host", Accepts::kWords, kPrivileged},
    {"lifecycle.postStart.httpGet.host", Accepts::kWords, kPrivileged},
    {"lifecycle.postStart.tcpSocket.host", Accepts::kWords, kPrivileged},
    {"lifecycle.preStop.httpGet.host", Accepts::kWords, kPrivileged},
    {"lifecycle.preStop.tcpSocket.host", Accepts::kWords, kPrivileged},
};

}  // namespace

std::span<const Control> PodControls() { return kPodControls; }
std::span<const Control> SharedControls() { return kSharedControls; }
std::span<const Control> ContainerControls() { return kContainerControls; }

bool IsWordOf(std::string_view word, std::string_view words) {
  const std::vector<std::string> list = SplitWords(words);
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool IsNull(const YamlNode& node) {
  return node.kind == NodeKind::kNull ||
         (node.kind == NodeKind::kScalar && !node.quoted &&
          IsWordOf(node.scalar, "~ null Null NULL"));
}

// Booleans that every reader takes for one; `yes` is none.
std::optional<bool> BoolOf(const YamlNode& node) {
  if (node.kind != NodeKind::kScalar || node.quoted) return std::nullopt;
  if (IsWordOf(node.scalar, "true True TRUE")) return true;
  if (IsWordOf(node.scalar, "false False FALSE")) return false;
  return std::nullopt;
}

bool IsInteger(const YamlNode& node) {
  return node.kind == NodeKind::kScalar && !node.quoted &&
         !node.scalar.empty() && node.scalar.size() < 20 &&
         node.scalar.find_first_not_of("0123456789") == std::string::npos &&
         (node.scalar == "0" || node.scalar[0] != '0');
}

bool IsAccepted(const YamlNode& value, const Control& control) {
  switch (control.accepts) {
    case Accepts::kFalse:
      return BoolOf(value) == false;
    case Accepts::kBool:
      return BoolOf(value).has_value();
    case Accepts::kZero:
      return IsInteger(value) && value.scalar == "0";
    case Accepts::kNotZero:
      return IsInteger(value) && value.scalar != "0";
    case Accepts::kWords:
      return value.kind == NodeKind::kScalar &&
             (value.scalar.empty() ||
              (value.IsString() && IsWordOf(value.scalar, control.words)));
    case Accepts::kNothing:
      return false;
  }
  return false;
}

}  // namespace gatehouse
