# Runs the relay under workerd on a machine of one's own:
#
#   workerd serve relay/worker/workerd.capnp
#
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "relay", worker = .relay),
    # What the worker cannot see itself: the addresses that hosts resolve to.
    (name = "internet", network = (allow = ["public"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = "localhost:8081", http = (), service = "relay")],
);

const relay :Workerd.Worker = (
  compatibilityDate = "2026-11-01",
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  globalOutbound = "internet",
  bindings = [
    # With a proxy in front that sets it. Without one, clients could name
    # themselves by the field; one that nobody sends makes all of them one.
    (name = "CLIENT", text = "X-Real-IP"),
    # (name = "ORIGINS", text = "https://pushcall.example"),
    # (name = "ALLOW_HOSTS", text = "push.example .below.example push.example:8443"),
  ],
);
