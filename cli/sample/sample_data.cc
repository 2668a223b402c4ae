// SPDX-License-Identifier: Apache-2.0
#include "cli/sample/sample_data.h"

#include <array>
#include <ctime>
#include <utility>

#include "cli/sample/object.h"
#include "policy/json_value.h"

namespace gatehouse::sample {
namespace {

using Clock = std::chrono::system_clock;

struct Workload {
  std::string_view namespace_name;
  std::string_view name;
  std::string_view image;
  int replicas;
  std::string_view port;
};

constexpr std::array kWorkloads = {
    Workload{"default", "hello", "registry.example/hello:1.0", 1, "8080"},
    Workload{"dev", "api", "registry.example/api:2.3.1", 1, "8080"},
    Workload{"dev", "web", "registry.example/web:1.4.0", 2, "80"},
    Workload{"kube-system", "coredns", "registry.example/coredns:1.11", 2,
             "53"},
    Workload{"shop", "api", "registry.example/api:2.3.0", 1, "8080"},
    Workload{"shop", "web", "registry.example/web:1.3.9", 2, "80"}};

constexpr std::string_view kNamespace = R"({"apiVersion":"v1",
"kind":"Namespace","metadata":{"name":"$NAME","creationTimestamp":"$TIME",
"labels":{"kubernetes.io/metadata.name":"$NAME"}},
"spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}})";

constexpr std::string_view kNode = R"({"apiVersion":"v1","kind":"Node",
"metadata":{"name":"$NAME","creationTimestamp":"$TIME",
"labels":{"kubernetes.io/hostname":"$NAME"}},"spec":{},
"status":{"capacity":{"cpu":"4","memory":"8Gi","pods":"110"},
"allocatable":{"cpu":"4","memory":"8Gi","pods":"110"},
"conditions":[{"type":"Ready","status":"True","reason":"KubeletReady",
"message":"kubelet is ready","lastHeartbeatTime":"$TIME",
"lastTransitionTime":"$TIME"}],
"addresses":[{"type":"Hostname","address":"$NAME"}],
"nodeInfo":{"kubeletVersion":"v1.32.0-sample","osImage":"Sample Linux",
"architecture":"amd64","operatingSystem":"linux","machineID":"",
"systemUUID":"","bootID":"","kernelVersion":"6.1","kubeProxyVersion":"",
"containerRuntimeVersion":"sample://1"}}})";

// The pod template that a deployment and its replica set share.
constexpr std::string_view kTemplate = R"({"metadata":
{"labels":{"app":"$APP"}},"spec":{"containers":[{"name":"$APP",
"image":"$IMAGE","ports":[{"containerPort":$PORT,"protocol":"TCP"}],
"resources":{"requests":{"cpu":"50m","memory":"64Mi"}},
"imagePullPolicy":"IfNotPresent"}],"restartPolicy":"Always"}})";

constexpr std::string_view kDeployment = R"({"apiVersion":"apps/v1",
"kind":"Deployment","metadata":{"name":"$APP","namespace":"$NS",
"creationTimestamp":"$TIME","labels":{"app":"$APP"},
"annotations":{"deployment.kubernetes.io/revision":"1"}},
"spec":{"replicas":$COUNT,"selector":{"matchLabels":{"app":"$APP"}},
"strategy":{"type":"RollingUpdate",
"rollingUpdate":{"maxSurge":1,"maxUnavailable":0}},"template":$TEMPLATE},
"status":{"conditions":[{"type":"Available","status":"True",
"reason":"MinimumReplicasAvailable","message":"available",
"lastUpdateTime":"$TIME","lastTransitionTime":"$TIME"}]}})";

constexpr std::string_view kReplicaSet = R"({"apiVersion":"apps/v1",
"kind":"ReplicaSet","metadata":{"name":"$SET","namespace":"$NS",
"creationTimestamp":"$TIME","labels":{"app":"$APP"},
"annotations":{"deployment.kubernetes.io/revision":"1"},
"ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment",
"name":"$APP","uid":"$OWNER","controller":true}]},
"spec":{"replicas":$COUNT,"selector":{"matchLabels":{"app":"$APP"}},
"template":$TEMPLATE},"status":{}})";

constexpr std::string_view kPod = R"({"apiVersion":"v1","kind":"Pod",
"metadata":{"name":"$POD","namespace":"$NS","creationTimestamp":"$TIME",
"labels":{"app":"$APP"},"ownerReferences":[{"apiVersion":"apps/v1",
"kind":"ReplicaSet","name":"$SET","uid":"$OWNER","controller":true}]},
"spec":{"nodeName":"$NODE","serviceAccountName":"default",
"securityContext":{},
"restartPolicy":"Always","containers":[{"name":"$APP","image":"$IMAGE",
"ports":[{"containerPort":$PORT,"protocol":"TCP"}],
"resources":{"requests":{"cpu":"50m","memory":"64Mi"}}}]},
"status":{"phase":"Running","podIP":"10.0.0.$ADDRESS",
"hostIP":"192.0.2.1","startTime":"$TIME",
"conditions":[{"type":"Ready","status":"True","lastTransitionTime":"$TIME"}],
"containerStatuses":[{"name":"$APP","image":"$IMAGE","imageID":"",
"ready":true,"started":true,"restartCount":0,
"state":{"running":{"startedAt":"$TIME"}},"lastState":{}}]}})";

constexpr std::string_view kService = R"({"apiVersion":"v1",
"kind":"Service","metadata":{"name":"$APP","namespace":"$NS",
"creationTimestamp":"$TIME","labels":{"app":"$APP"}},
"spec":{"type":"ClusterIP","clusterIP":"10.96.0.$ADDRESS",
"selector":{"app":"$APP"},"ports":[{"name":"main","port":$PORT,
"targetPort":$PORT,"protocol":"TCP"}]},"status":{"loadBalancer":{}}})";

constexpr std::string_view kEvent = R"({"apiVersion":"v1","kind":"Event",
"metadata":{"name":"$POD.1","namespace":"$NS","creationTimestamp":"$TIME"},
"involvedObject":{"apiVersion":"v1","kind":"Pod","name":"$POD",
"namespace":"$NS","uid":"$UID"},"reason":"Started","message":"Started container $APP",
"type":"Normal","count":1,"firstTimestamp":"$TIME","lastTimestamp":"$TIME",
"source":{"component":"kubelet","host":"$NODE"},
"reportingComponent":"kubelet","reportingInstance":"$NODE"})";

constexpr std::string_view kConfigMap = R"({"apiVersion":"v1",
"kind":"ConfigMap","metadata":{"name":"web-settings","namespace":"$NS",
"creationTimestamp":"$TIME"},"data":{"theme":"light","greeting":"hello"}})";

// "sample-user" and "not-a-real-password" in base64.
constexpr std::string_view kSecret = R"({"apiVersion":"v1","kind":"Secret",
"metadata":{"name":"db-credentials","namespace":"$NS",
"creationTimestamp":"$TIME"},"type":"Opaque","data":{
"username":"c2FtcGxlLXVzZXI=","password":"bm90LWEtcmVhbC1wYXNzd29yZA=="}})";

constexpr std::string_view kServiceAccount = R"({"apiVersion":"v1",
"kind":"ServiceAccount","metadata":{"name":"default","namespace":"$NS",
"creationTimestamp":"$TIME"}})";

std::string WriteSeconds(Clock::time_point time) {
  std::time_t seconds = Clock::to_time_t(time);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text.data();
}

// Collects objects; `number` gives each its own uid and address.
class Builder {
 public:
  explicit Builder(Clock::time_point now)
      : old_(WriteSeconds(now - std::chrono::hours(24 * 9))),
        recent_(WriteSeconds(now - std::chrono::minutes(25))) {}

  void AddNamespace(std::string_view name) {
    Add("/namespaces", "", Fill(kNamespace, {{"NAME", name}, {"TIME", old_}}));
    for (std::string_view text : {kServiceAccount, kConfigMap, kSecret}) {
      bool secret = text == kSecret;
      bool config = text == kConfigMap;
      if ((secret || config) && name != "dev" && name != "shop") continue;
      Add(secret   ? "/secrets"
          : config ? "/configmaps"
                   : "/serviceaccounts",
          name, Fill(text, {{"NS", name}, {"TIME", old_}}));
    }
  }

  void AddNode(std::string_view name) {
    Add("/nodes", "", Fill(kNode, {{"NAME", name}, {"TIME", old_}}));
  }

  void AddWorkload(const Workload& work) {
    std::string count = std::to_string(work.replicas);
    std::string pods =
        Fill(kTemplate,
             {{"APP", work.name}, {"IMAGE", work.image}, {"PORT", work.port}});
    std::string set = std::string(work.name) + "-6d4f";
    std::string owner =
        Add("apps/deployments", work.namespace_name,
            Common(Fill(kDeployment, {{"TEMPLATE", pods}, {"COUNT", count}}),
                   work));
    owner = Add("apps/replicasets", work.namespace_name,
                Common(Fill(kReplicaSet, {{"TEMPLATE", pods},
                                          {"COUNT", count},
                                          {"SET", set},
                                          {"OWNER", owner}}),
                       work));
    Add("/services", work.namespace_name, Common(std::string(kService), work));
    for (int index = 0; index < work.replicas; ++index) {
      AddPod(work, set, owner, index);
    }
  }

  std::vector<SampleObject> Take() { return std::move(objects_); }

 private:
  void AddPod(const Workload& work, const std::string& set,
              const std::string& owner, int index) {
    std::string pod = set + (index == 0 ? "-k2vxp" : "-t9zqm");
    std::string node = index == 0 ? "node-1" : "node-2";
    std::string text = Fill(
        kPod, {{"POD", pod}, {"NODE", node}, {"SET", set}, {"OWNER", owner}});
    std::string uid = Add("/pods", work.namespace_name, Common(text, work));
    text =
        Fill(kEvent,
             {{"POD", pod}, {"NODE", node}, {"UID", uid}, {"TIME", recent_}});
    Add("/events", work.namespace_name, Common(text, work));
  }

  std::string Common(const std::string& text, const Workload& work) {
    return Fill(text, {{"APP", work.name},
                       {"NS", work.namespace_name},
                       {"IMAGE", work.image},
                       {"PORT", work.port},
                       {"TIME", old_},
                       {"ADDRESS", std::to_string(10 + number_)}});
  }

  // Returns the object's uid. The texts above are constants of this file, so
  // one that is no JSON is a bug; its object is then left out.
  std::string Add(std::string_view type, std::string_view namespace_name,
                  const std::string& text) {
    ++number_;
    std::string uid =
        "5a3b1e00-0000-4000-8000-000000000" + std::to_string(100 + number_);
    Result<JsonValue> object = ParseJson(text);
    if (!object.ok()) return uid;
    Set(object.value(), {"metadata", "uid"}, uid);
    std::string name = Text(object.value(), {"metadata", "name"});
    objects_.push_back({std::string(type), std::string(namespace_name), name,
                        std::move(object).value()});
    return uid;
  }

  std::string old_;
  std::string recent_;
  int number_ = 0;
  std::vector<SampleObject> objects_;
};

}  // namespace

std::vector<SampleObject> SampleObjects(Clock::time_point now) {
  Builder builder(now);
  for (std::string_view name : {"default", "dev", "kube-system", "shop"}) {
    builder.AddNamespace(name);
  }
  builder.AddNode("node-1");
  builder.AddNode("node-2");
  for (const Workload& work : kWorkloads) builder.AddWorkload(work);
  return builder.Take();
}

std::string SampleLog(std::string_view pod) {
  std::string name(pod);
  return "starting " + name + "\nlistening\nGET /healthz 200\nGET / 200\n";
}

}  // namespace gatehouse::sample
