using System.Net.Sockets;
using Voucher.Server.Database;

namespace Voucher.Server.Redeeming;

/// <summary>The ledger of record as the engine sees it: facts by one round trip, a batch of scans by one statement.</summary>
public sealed class ScanLedger : IScanLedger, IAsyncDisposable
{
    /// <summary>Longest that one statement may take; after it the connection is given up and the batch asked about anew.</summary>
    public const int StatementSeconds = 10;

    /// <summary>How the sessions of the engine begin to call themselves in the database.</summary>
    public const string ProgramName = $"{ServerComposition.DataSourceName}-scan";

    /// <summary>Connections for reading and for writing, each.</summary>
    public const int MostConnections = 16;

    /// <summary>
    /// The statements are prepared once a connection and their arrays have no statistics: the plans wanted are always
    /// index lookups in the order of the arrays, which is also the order in which rows are locked.
    /// </summary>
    public const string Plans = "-c plan_cache_mode=force_generic_plan -c enable_hashjoin=off -c enable_mergejoin=off -c enable_seqscan=off -c jit=off";

    /// <summary>One snapshot for all statements of a round trip.</summary>
    private const string OneSnapshot = "-c default_transaction_isolation=repeatable\\ read -c default_transaction_read_only=on";

    private readonly NpgsqlDataSource _reading;
    private readonly NpgsqlDataSource _writing;

    public ScanLedger(ServerSettings settings)
    {
        _reading = Open(settings.Postgres, "reading", $"{Plans} {OneSnapshot}");
        _writing = Open(settings.Postgres, "writing", Plans);
    }

    private static NpgsqlDataSource Open(string postgres, string use, string options)
    {
        var text = new NpgsqlConnectionStringBuilder(OwnerDatabase.AsProgram(postgres));
        text.Options = string.IsNullOrEmpty(text.Options) ? options : $"{text.Options} {options}";
        text.ApplicationName = $"{ProgramName}-{use}";
        text.MaxPoolSize = MostConnections;
        text.MaxAutoPrepare = 20;
        text.AutoPrepareMinUsages = 1;
        text.NoResetOnClose = true; // Nothing here leaves a setting behind.
        text.CommandTimeout = StatementSeconds;
        return new NpgsqlDataSourceBuilder(text.ConnectionString) { Name = text.ApplicationName }.Build();
    }

    public async Task<ScanBatchFacts> ReadAsync(IReadOnlyList<PresentedScan> scans)
    {
        await using var connection = await _reading.OpenConnectionAsync();
        return await ScanBatchFactReader.ReadAsync(connection, scans);
    }

    public async Task<bool> WriteAsync(IReadOnlyList<ScanEntry> entries)
    {
        await using var connection = await _writing.OpenConnectionAsync();
        try
        {
            await ScanBatchStatement.WriteAsync(connection, entries);
            return true;
        }
        catch (PostgresException fault) when (HasChanged(fault))
        {
            return false;
        }
    }

    /// <summary>Another writer was first: with the voucher, the id, the sequence, the last seat or the person's next enrolment.</summary>
    private static bool HasChanged(PostgresException fault) =>
        fault.SqlState is ScanBatchStatement.FactsChanged or PostgresErrorCodes.UniqueViolation
            or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
        || fault is { SqlState: PostgresErrorCodes.CheckViolation, ConstraintName: "training_class_has_room" };

    public bool IsPassing(Exception fault) => BrokenRead.CauseOf(fault) switch
    {
        // Out of disk, memory or connections is a matter of the machine, not of the batch.
        PostgresException postgres => postgres.IsTransient || postgres.SqlState.StartsWith("53", StringComparison.Ordinal)
            || postgres.SqlState.StartsWith("57", StringComparison.Ordinal) || postgres.SqlState.StartsWith("58", StringComparison.Ordinal),
        NpgsqlException or SocketException or TimeoutException or IOException => true,
        _ => false,
    };

    public async ValueTask DisposeAsync()
    {
        await _reading.DisposeAsync();
        await _writing.DisposeAsync();
    }
}
