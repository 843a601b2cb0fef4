namespace Voucher.Server.Operating.Health;

/// <summary>Why a server is not quite well. Names are stable: whatever watches the server may rely on them.</summary>
public enum HealthReason
{
    /// <summary>PostgreSQL does not answer.</summary>
    DatabaseAway,

    /// <summary>The database lacks migrations that this program needs.</summary>
    SchemaBehind,

    /// <summary>The database has migrations that this program does not know: a newer one has been here.</summary>
    SchemaAhead,

    /// <summary>The server has been told to stop and finishes what it has.</summary>
    Draining,

    /// <summary>Redis does not answer: answers stay right, some come slower.</summary>
    RedisAway,

    /// <summary>Little room is left on the disk of the server's own folder.</summary>
    DiskNearlyFull,

    /// <summary>A file of the key folder is missing.</summary>
    KeyFileMissing,

    /// <summary>No key may sign new vouchers.</summary>
    SigningKeyMissing,

    /// <summary>Soon no key may sign new vouchers.</summary>
    SigningKeyExpiring,

    /// <summary>The queue of scans is full: some are told to try again.</summary>
    ScanQueueFull,

    /// <summary>The server's log-in could take more rights in the database than the program has.</summary>
    RightsTooWide,
}

public static class HealthReasons
{
    /// <summary>Whether a load balancer must send nothing here; what remains only degrades.</summary>
    public static bool IsDown(this HealthReason reason) =>
        reason is HealthReason.DatabaseAway or HealthReason.SchemaBehind or HealthReason.SchemaAhead or HealthReason.Draining;

    /// <summary>What it is and what to do.</summary>
    public static Words Explain(this HealthReason reason) => reason switch
    {
        HealthReason.DatabaseAway => new("数据库没有应答，检查 PostgreSQL", "The database does not answer: look at PostgreSQL"),
        HealthReason.SchemaBehind => new("数据库结构较旧，请运行 migrate", "The database's schema is older than the program: run migrate"),
        HealthReason.SchemaAhead => new("数据库结构较新，请升级本服务端", "The database's schema is newer than the program: upgrade this server"),
        HealthReason.Draining => new("正在停止，处理完手头的请求", "Stopping: it finishes what it has"),
        HealthReason.RedisAway => new("Redis 没有应答：结果不受影响，重复扫码会慢一些", "Redis does not answer: answers stay right, repeats come slower"),
        HealthReason.DiskNearlyFull => new("磁盘空间不足，请清理或扩容", "The disk is nearly full: clear it or extend it"),
        HealthReason.KeyFileMissing => new("密钥文件缺失，请从备份恢复", "A key file is missing: bring it back from the backup"),
        HealthReason.SigningKeyMissing => new("没有可用的签发密钥，请运行 keys rotate", "No key may sign vouchers: run keys rotate"),
        HealthReason.SigningKeyExpiring => new("签发密钥即将到期，请运行 keys rotate", "The signing key ends soon: run keys rotate"),
        HealthReason.ScanQueueFull => new("扫码队列已满，部分终端会被请稍后重试", "The queue of scans is full: some terminals are told to try again"),
        HealthReason.RightsTooWide => new("服务端用所有者的登录连接数据库，权限过大：请按运维手册给它单独的登录", "The server comes to the database as its owner and could take more rights than it needs: give it a log-in of its own (docs/operating.md)"),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Unknown reason."),
    };
}

/// <summary>How a server stands at a moment.</summary>
public sealed record HealthReport(IReadOnlyList<HealthReason> Reasons, bool Database, bool Redis)
{
    public bool IsReady => !Reasons.Any(reason => reason.IsDown());

    /// <summary><c>ready</c>, <c>degraded</c> (still answers rightly) or <c>down</c>.</summary>
    public string Status => !IsReady ? "down" : Reasons.Count > 0 ? "degraded" : "ready";
}
