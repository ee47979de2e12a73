# SPDX-License-Identifier: Apache-2.0
"""Loads a DAG (of Airflow) or definitions (of Dagster) on stand-ins, and prints what they would run.

orchestrators.py airflow|dagster FILE
"""

import importlib.util
import json
import sys
import types


def module(name, **names):
    made = types.ModuleType(name)
    made.__dict__.update(names)
    sys.modules[name] = made


class AirflowFailException(Exception):
    pass


class AirflowException(Exception):
    pass


class KubernetesPodOperator:
    """Records how it was made; its cleanup fails as the real one's when the pod did."""

    base_container_name = "base"
    operators = []

    def __init__(self, arguments=None, **options):
        self.options = options
        self.arguments = arguments
        KubernetesPodOperator.operators.append(self)

    @classmethod
    def partial(cls, **options):
        return types.SimpleNamespace(expand=lambda arguments: cls(arguments, **options))

    def cleanup(self, pod, remote_pod, *args, **kwargs):
        if remote_pod.failed:
            raise AirflowException("Pod failed")


class Model(dict):
    def __init__(self, **fields):
        super().__init__(**fields)


def pod(exit_code):
    terminated = types.SimpleNamespace(exit_code=exit_code)
    status = types.SimpleNamespace(
        name="base", state=types.SimpleNamespace(terminated=terminated)
    )
    return types.SimpleNamespace(
        failed=exit_code != 0, status=types.SimpleNamespace(container_statuses=[status])
    )


def retried(operator, exit_code):
    try:
        operator.cleanup(None, pod(exit_code))
    except AirflowFailException:
        return "never"
    except AirflowException:
        return "yes"
    return "done"


def load(path):
    spec = importlib.util.spec_from_file_location("loaded", path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def airflow(path):
    made = []
    module("airflow")
    module(
        "airflow.decorators",
        dag=lambda **options: lambda function: lambda: (made.append(options), function()),
        task=lambda function: function,
    )
    module("airflow.exceptions", AirflowFailException=AirflowFailException)
    module(
        "airflow.models",
        Variable=types.SimpleNamespace(get=lambda name, deserialize_json: ["One", "Two words"]),
    )
    for name in ("", ".cncf", ".cncf.kubernetes", ".cncf.kubernetes.operators"):
        module("airflow.providers" + name)
    module(
        "airflow.providers.cncf.kubernetes.operators.pod",
        KubernetesPodOperator=KubernetesPodOperator,
    )
    module("kubernetes")
    models = types.SimpleNamespace(
        **{
            name: Model
            for name in (
                "V1ResourceRequirements",
                "V1Volume",
                "V1VolumeMount",
                "V1ConfigMapVolumeSource",
                "V1SecretVolumeSource",
                "V1EmptyDirVolumeSource",
            )
        }
    )
    module("kubernetes.client", models=models)
    load(path)
    (operator,) = KubernetesPodOperator.operators
    return {
        "max_active_runs": made[0]["max_active_runs"],
        "options": operator.options,
        "arguments": operator.arguments,
        "retried": {code: retried(operator, code) for code in (0, 1, 2, 3, 75, 77, 78)},
    }


def dagster(path):
    runs = []

    class PipesK8sClient:
        def run(self, *, context, base_pod_spec):
            runs.append(base_pod_spec)
            return types.SimpleNamespace(get_results=lambda: [])

    module(
        "dagster",
        AssetSpec=lambda key, skippable: key,
        AssetExecutionContext=object,
        Definitions=lambda assets, resources: None,
        multi_asset=lambda specs, can_subset: lambda function: (specs, function),
    )
    module("dagster_k8s", PipesK8sClient=PipesK8sClient)
    specs, function = load(path).clockify
    keys = [types.SimpleNamespace(path=key) for key in specs]
    function(types.SimpleNamespace(selected_asset_keys=keys), PipesK8sClient())
    return {"streams": [key[-1] for key in specs], "pod": runs[0]}


print(json.dumps({"airflow": airflow, "dagster": dagster}[sys.argv[1]](sys.argv[2]), default=str))
