"""Rows of the statements about replication, by MySQL's newer names and by the older ones, which MariaDB keeps."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field


def _either(*names: str) -> Any:
    return Field(validation_alias=AliasChoices(*names))


def _text(value: object) -> object:
    return "" if value is None else value


Text = Annotated[str, BeforeValidator(_text)]


class ChannelRow(BaseModel):
    """One source, as SHOW REPLICA STATUS, SHOW SLAVE STATUS or SHOW ALL SLAVES STATUS tells of it."""

    model_config = ConfigDict(populate_by_name=True)

    channel: Annotated[Text, _either("Channel_Name", "Connection_name")] = ""
    host: Annotated[Text, _either("Source_Host", "Master_Host")]
    port: Annotated[int, _either("Source_Port", "Master_Port")]
    server_id: Annotated[int, _either("Source_Server_Id", "Master_Server_Id")] = 0
    uuid: Annotated[Text, _either("Source_UUID", "Master_UUID")] = ""
    io_running: Annotated[Text, _either("Replica_IO_Running", "Slave_IO_Running")]
    io_state: Annotated[Text, _either("Replica_IO_State", "Slave_IO_State")] = ""
    sql_running: Annotated[Text, _either("Replica_SQL_Running", "Slave_SQL_Running")]
    sql_state: Annotated[Text, _either("Replica_SQL_Running_State", "Slave_SQL_Running_State")] = ""
    read_file: Annotated[Text, _either("Source_Log_File", "Master_Log_File")]
    read_position: Annotated[int, _either("Read_Source_Log_Pos", "Read_Master_Log_Pos")]
    applied_file: Annotated[Text, _either("Relay_Source_Log_File", "Relay_Master_Log_File")]
    applied_position: Annotated[int, _either("Exec_Source_Log_Pos", "Exec_Master_Log_Pos")]
    behind: Annotated[float | None, _either("Seconds_Behind_Source", "Seconds_Behind_Master")]
    io_errno: Annotated[int, _either("Last_IO_Errno")] = 0
    io_error: Annotated[Text, _either("Last_IO_Error")] = ""
    sql_errno: Annotated[int, _either("Last_SQL_Errno")] = 0
    sql_error: Annotated[Text, _either("Last_SQL_Error")] = ""
    delay: Annotated[int | None, _either("SQL_Delay")] = None
    heartbeats: Annotated[int | None, _either("Slave_received_heartbeats")] = None
    heartbeat_period: Annotated[float | None, _either("Slave_heartbeat_period")] = None


class ConnectionRow(BaseModel):
    """Of performance_schema: MySQL alone has it."""

    channel: str
    heartbeats: int
    heartbeat_period: float
    heartbeat_age: float | None


class WorkerRow(BaseModel):
    channel: str
    workers: int
    busy: int
    behind: float | None
    applying: float | None


class ThreadRow(BaseModel):
    host: Text
    command: Text
    state: Text


class HeadRow(BaseModel):
    File: str
    Position: int


class FollowerRow(BaseModel):
    """One that has registered with its source."""

    model_config = ConfigDict(populate_by_name=True)

    server_id: Annotated[int, _either("Server_Id", "Server_id")]
    host: Annotated[Text, _either("Host")] = ""
    port: Annotated[int, _either("Port")] = 0
    uuid: Annotated[Text, _either("Replica_UUID", "Slave_UUID")] = ""


class HeartbeatRow(BaseModel):
    server_id: int
    age: float | None
