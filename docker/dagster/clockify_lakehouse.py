# SPDX-License-Identifier: Apache-2.0
"""Every stream as an asset, synced by one pod; needs dagster, dagster-k8s, and the Secret and
ConfigMap of ../kubernetes.

The connector speaks Dagster Pipes: an asset is materialized when its table equals the service, with
its rows read, added, changed and deleted. Choose some of the assets, and only those are synced.
"""

import dagster as dg
from dagster_k8s import PipesK8sClient

STREAMS = ["clients", "projects", "tags", "tasks", "time_entries", "workspace_users"]


@dg.multi_asset(
    specs=[dg.AssetSpec(["clockify", stream], skippable=True) for stream in STREAMS],
    can_subset=True,
)
def clockify(context: dg.AssetExecutionContext, k8s: PipesK8sClient):
    chosen = sorted(key.path[-1] for key in context.selected_asset_keys)
    return k8s.run(
        context=context,
        base_pod_spec={
            "automountServiceAccountToken": False,
            "terminationGracePeriodSeconds": 30,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 65532,
                "runAsGroup": 65532,
                "fsGroup": 65532,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [
                {
                    "name": "sync",
                    "image": "clockify-lakehouse:0.1.0",
                    "args": [
                        "sync",
                        "--config=/etc/clockify-lakehouse/connector.yaml",
                        "--log-format=json",
                        *(f"--stream={stream}" for stream in chosen),
                    ],
                    "resources": {
                        "requests": {"cpu": "250m", "memory": "768Mi"},
                        "limits": {"memory": "768Mi"},
                    },
                    "securityContext": {
                        "allowPrivilegeEscalation": False,
                        "readOnlyRootFilesystem": True,
                        "capabilities": {"drop": ["ALL"]},
                    },
                    "volumeMounts": [
                        {"name": "config", "mountPath": "/etc/clockify-lakehouse", "readOnly": True},
                        {"name": "secret", "mountPath": "/run/secrets/clockify", "readOnly": True},
                        {"name": "tmp", "mountPath": "/tmp"},
                        {"name": "tmp", "mountPath": "/data"},
                    ],
                }
            ],
            "volumes": [
                {"name": "config", "configMap": {"name": "clockify-lakehouse"}},
                {"name": "secret", "secret": {"secretName": "clockify"}},
                {"name": "tmp", "emptyDir": {}},
            ],
        },
    ).get_results()


defs = dg.Definitions(assets=[clockify], resources={"k8s": PipesK8sClient()})
