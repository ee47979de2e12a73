# SPDX-License-Identifier: Apache-2.0
"""One Clockify sync per workspace and hour, each in a pod of its own; needs Airflow 2.10 or newer
with the provider cncf.kubernetes, and the Secret and ConfigMap of ../kubernetes.

The Airflow Variable clockify_workspaces holds the workspaces' ids as a JSON list. The result of each
pod is the task's XCom: the connector writes it to /airflow/xcom before it ends, on failure too.
"""

from datetime import datetime, timedelta, timezone

from airflow.decorators import dag, task
from airflow.exceptions import AirflowFailException
from airflow.models import Variable
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from kubernetes.client import models as k8s

RETRY = 75  # network, throttling, a lock, a signal; no retry helps against any other exit code


class ClockifySync(KubernetesPodOperator):
    """Fails for good, without retries, unless the connector asks for one."""

    def cleanup(self, pod, remote_pod, *args, **kwargs):
        statuses = remote_pod.status.container_statuses if remote_pod else None
        codes = [
            status.state.terminated.exit_code
            for status in statuses or []
            if status.name == self.base_container_name and status.state.terminated
        ]
        try:
            super().cleanup(pod, remote_pod, *args, **kwargs)
        except AirflowFailException:
            raise
        except Exception as failure:
            if codes and codes[0] not in (0, RETRY):
                raise AirflowFailException(f"exit code {codes[0]}: {failure}") from failure
            raise


@dag(
    schedule="7 * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,  # a sync is about now; history is the backfill job's
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5)},
    tags=["clockify", "iceberg"],
)
def clockify_lakehouse():
    @task
    def arguments() -> list[list[str]]:
        return [
            [
                "sync",
                "--config=/etc/clockify-lakehouse/connector.yaml",
                f"--workspace={workspace}",
                "--log-format=json",
                "--result-file=/airflow/xcom/return.json",
            ]
            for workspace in Variable.get("clockify_workspaces", deserialize_json=True)
        ]

    ClockifySync.partial(
        task_id="sync",
        name="clockify-sync",
        image="clockify-lakehouse:0.1.0",
        do_xcom_push=True,
        get_logs=True,
        max_active_tis_per_dagrun=4,
        execution_timeout=timedelta(hours=3),
        on_finish_action="delete_pod",
        automount_service_account_token=False,
        termination_grace_period=30,
        security_context={
            "runAsNonRoot": True,
            "runAsUser": 65532,
            "runAsGroup": 65532,
            "fsGroup": 65532,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        container_security_context={
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        container_resources=k8s.V1ResourceRequirements(
            requests={"cpu": "250m", "memory": "768Mi"}, limits={"memory": "768Mi"}
        ),
        volumes=[
            k8s.V1Volume(
                name="config",
                config_map=k8s.V1ConfigMapVolumeSource(name="clockify-lakehouse"),
            ),
            k8s.V1Volume(
                name="secret", secret=k8s.V1SecretVolumeSource(secret_name="clockify")
            ),
            k8s.V1Volume(name="tmp", empty_dir=k8s.V1EmptyDirVolumeSource()),
        ],
        volume_mounts=[
            k8s.V1VolumeMount(name="config", mount_path="/etc/clockify-lakehouse", read_only=True),
            k8s.V1VolumeMount(name="secret", mount_path="/run/secrets/clockify", read_only=True),
            k8s.V1VolumeMount(name="tmp", mount_path="/tmp"),
            k8s.V1VolumeMount(name="tmp", mount_path="/data"),
        ],
    ).expand(arguments=arguments())


clockify_lakehouse()
