"""MySQL's answers, with the columns that its manual documents."""

from __future__ import annotations

from dataclasses import dataclass, field

from collectors.database.rows import Rows
from collectors.mysql.asking import Question, Server, Servers
from collectors.readings import ResourceId

REPLICA_STATUS: dict[str, object] = {
    "Replica_IO_State": "Waiting for source to send event",
    "Source_Host": "10.0.1.5",
    "Source_User": "rdsrepladmin",
    "Source_Port": 3306,
    "Connect_Retry": 60,
    "Source_Log_File": "mysql-bin-changelog.000007",
    "Read_Source_Log_Pos": 5000,
    "Relay_Log_File": "relaylog.000012",
    "Relay_Log_Pos": 4711,
    "Relay_Source_Log_File": "mysql-bin-changelog.000007",
    "Replica_IO_Running": "Yes",
    "Replica_SQL_Running": "Yes",
    "Last_Errno": 0,
    "Last_Error": "",
    "Skip_Counter": 0,
    "Exec_Source_Log_Pos": 5000,
    "Relay_Log_Space": 9000,
    "Source_SSL_Allowed": "No",
    "Seconds_Behind_Source": 0,
    "Source_SSL_Verify_Server_Cert": "No",
    "Last_IO_Errno": 0,
    "Last_IO_Error": "",
    "Last_SQL_Errno": 0,
    "Last_SQL_Error": "",
    "Source_Server_Id": 1001,
    "Source_UUID": "3e11fa47-71ca-11e1-9e33-c80aa9429562",
    "SQL_Delay": 0,
    "SQL_Remaining_Delay": None,
    "Replica_SQL_Running_State": "Replica has read all relay log; waiting for more updates",
    "Source_Retry_Count": 86400,
    "Last_IO_Error_Timestamp": "",
    "Last_SQL_Error_Timestamp": "",
    "Retrieved_Gtid_Set": "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5",
    "Executed_Gtid_Set": "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5",
    "Auto_Position": 1,
    "Channel_Name": "",
    "Get_Source_public_key": 0,
}
OF_REPLICA, OF_SOURCE = "9d0e1c0a-0000-11ee-be56-0242ac120002", str(REPLICA_STATUS["Source_UUID"])


def rows(*each: dict[str, object]) -> Rows:
    return Rows(tuple(each[0]) if each else (), tuple(tuple(row.values()) for row in each))


def variables(server_id: int, uuid: str, version: str) -> Rows:
    said = {"server_id": str(server_id), "server_uuid": uuid, "version": version, "read_only": "ON",
            "version_comment": "Source distribution", "replica_net_timeout": "60",
            "replica_parallel_workers": "4", "hostname": "ip-10-0-1-6", "port": "3306"}  # fmt: skip
    return Rows(("Variable_name", "Value"), tuple(said.items()))


@dataclass
class Documented(Server):
    """Answers by the question's tag; what a test does not say is answered by no row."""

    answers: dict[str, Rows | Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    heartbeat: str = ""

    async def ask(self, question: Question) -> Rows:
        self.asked.append(question.name)
        found = self.answers.get(question.name, Rows(()))
        if isinstance(found, Exception):
            raise found
        return found


@dataclass
class Estate(Servers):
    there: dict[ResourceId, Documented]

    def of(self, about: ResourceId) -> Server:
        return self.there[about]
