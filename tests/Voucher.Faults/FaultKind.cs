namespace Voucher.Faults;

/// <summary>Everything that can be done to a county at work. The schedule names them in its lines.</summary>
public enum FaultKind
{
    ServerKilled,
    ServerPaused,
    BackendKilled,
    PostmasterKilled,
    ClusterKilled,
    ClusterPaused,
    PowerCut,
    LogDiskFull,
    DataDiskFull,
    RedisKilled,
    RedisPaused,
    RedisFlushed,
    RedisEmptied,
    StaleReplicaPromoted,
    RedisLineHalfOpen,
    RedisLineSlow,
    LineSlow,
    LineCutBefore,
    LineCutAfter,
    LineHalfOpen,
    LineDribbles,
    DatabaseLineSlow,
    DatabaseLineCutBefore,
    DatabaseLineCutAfter,
    DatabaseLineHalfOpen,
    SchemaNewer,
    SchemaOlder,
}

/// <summary>What a fault strikes; two faults of one round never strike the same.</summary>
public enum Struck
{
    Server,
    Database,
    Redis,
    Line,
    Schema,
}

public static class FaultKinds
{
    public static Struck Strikes(this FaultKind kind) => kind switch
    {
        FaultKind.ServerKilled or FaultKind.ServerPaused => Struck.Server,
        >= FaultKind.BackendKilled and <= FaultKind.DataDiskFull => Struck.Database,
        >= FaultKind.DatabaseLineSlow and <= FaultKind.DatabaseLineHalfOpen => Struck.Database,
        >= FaultKind.RedisKilled and <= FaultKind.RedisLineSlow => Struck.Redis,
        >= FaultKind.LineSlow and <= FaultKind.LineDribbles => Struck.Line,
        FaultKind.SchemaNewer or FaultKind.SchemaOlder => Struck.Schema,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown fault."),
    };
}
