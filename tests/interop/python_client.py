"""A container's life from Python, over stubs generated from the contract."""
import sys

import grpc

from hcs.v1 import container_service_pb2 as containers
from hcs.v1 import container_service_pb2_grpc
from hcs.v1 import process_config_pb2
from hcs.v1 import process_service_pb2 as processes
from hcs.v1 import process_service_pb2_grpc

ID = "interop-python"
DEADLINE_S = 60


def exec_requests():
    config = process_config_pb2.ProcessConfig(
        command_line='cmd /c "echo from python & exit 3"',
        create_std_out_pipe=True)
    yield processes.ExecRequest(start=processes.ExecStart(container_id=ID, config=config))


def main(target):
    with grpc.insecure_channel(target) as channel:
        service = container_service_pb2_grpc.ContainerServiceStub(channel)
        runner = process_service_pb2_grpc.ProcessServiceStub(channel)
        service.CreateContainer(containers.CreateContainerRequest(
            id=ID, config={}, labels={"language": "python"}), timeout=DEADLINE_S)
        started = service.StartContainer(
            containers.StartContainerRequest(id=ID), timeout=DEADLINE_S)
        assert started.container.state == containers.CONTAINER_STATE_RUNNING, started

        answers = list(runner.Exec(exec_requests(), timeout=DEADLINE_S))
        output = b"".join(answer.stdout for answer in answers)
        assert output.strip() == b"from python", output
        assert answers[-1].exited.exit_code == 3, answers[-1]

        service.TerminateContainer(
            containers.TerminateContainerRequest(id=ID), timeout=DEADLINE_S)
        exit_ = service.WaitContainer(
            containers.WaitContainerRequest(id=ID), timeout=DEADLINE_S)
        assert not exit_.timed_out, exit_
        service.CloseContainer(containers.CloseContainerRequest(id=ID), timeout=DEADLINE_S)


if __name__ == "__main__":
    main(sys.argv[1])
