namespace Voucher.Faults.Mutants;

/// <summary>A change of the server's text that must fit in exactly one place, or there is nothing to be said about it.</summary>
/// <param name="File">Under <c>src/Voucher.Server</c>.</param>
public sealed record Edit(string File, string Find, string Replace);

/// <summary>
/// A county broken on purpose. Where several guards stand behind one another, a mutant takes away all that stand before
/// the harm: with one of them left the county would be right, and there would be nothing to notice.
/// </summary>
/// <param name="Breaks">What is taken away, for the reader.</param>
public sealed record Mutant(string Name, string Breaks)
{
    /// <summary>Done to the database once it is made.</summary>
    public string? Sql { get; init; }

    /// <summary>Settings of PostgreSQL.</summary>
    public IReadOnlyList<string> Looseness { get; init; } = [];

    public IReadOnlyList<Edit> Edits { get; init; } = [];

    /// <summary>Faults that the mutant is tried with; all when <c>null</c>.</summary>
    public IReadOnlyList<FaultKind>? Kinds { get; init; }

    public int Rounds { get; init; } = 4;

    private const string DropScanKeys = """
        alter table scan drop constraint scan_pkey cascade;
        alter table scan drop constraint scan_terminal_id_sequence_key;
        """;

    private const string DropEnrolmentIndexes = """
        drop index enrolment_once_a_voucher;
        drop index enrolment_once_a_person;
        drop index enrolment_number_of_person;
        """;

    private const string DropCompletionKeys = """
        alter table completion drop constraint completion_pkey;
        alter table completion drop constraint completion_enrolment_id_key;
        alter table completion drop constraint completion_scan_id_key;
        """;

    private const string DropEventKey = "alter table voucher_event drop constraint voucher_event_pkey;";

    private const string Plan = "Redeeming/ScanBatchPlan.cs";
    private const string Statement = "Redeeming/ScanBatchStatement.cs";

    private static readonly Edit IgnoreWhatChanged = new(Statement, " and v.events = i.events and v.state = i.from_state", "");

    public static readonly IReadOnlyList<Mutant> All =
    [
        new("scan-keys", "unique scan id and sequence") { Sql = DropScanKeys, Rounds = 8 },
        new("enrolment-indexes", "unique active enrolment") { Sql = DropEnrolmentIndexes, Rounds = 1 },
        new("completion-keys", "unique completion") { Sql = DropCompletionKeys, Rounds = 1 },
        new("no-guard-in-the-database", "unique enrolment, completion and event, and the statement's look at what was read")
        {
            Sql = DropEnrolmentIndexes + DropCompletionKeys + DropEventKey, Edits = [IgnoreWhatChanged],
        },
        new("commits-in-memory", "synchronous_commit, then all of PostgreSQL killed at once")
        {
            Looseness = ["synchronous_commit=off", "wal_writer_delay=10s", "wal_writer_flush_after=1GB"], Kinds = [FaultKind.ClusterKilled],
        },
        new("no-flush", "fsync, then the power cut") { Looseness = ["fsync=off"], Kinds = [FaultKind.PowerCut] },
        new("redis-says-yes", "the wait for PostgreSQL when Redis has not seen the voucher")
        {
            Edits =
            [
                new("Redeeming/ScanDesk.cs", "        var result = await engine.RedeemAsync(presented, isRepeat);", """
                            if (!isRepeat && presented.Voucher is not null)
                            {
                                _ = engine.RedeemAsync(presented, false);
                                var words = new Words("成功", "Done");
                                return new ScanAnswer(scan.ScanId, true, 0, words, words, null, null, null, null, null, 1, now);
                            }
                            var result = await engine.RedeemAsync(presented, isRepeat);
                    """),
            ],
        },
        new("scan-id-ignored", "the look whether the id was answered before, and its keys")
        {
            Sql = DropScanKeys,
            Edits =
            [
                new(Plan, "if (_facts.Recorded[index] is { } earlier)", "if (_facts.Recorded[index] is { } earlier && index < 0)"),
                new(Plan, "if (_facts.SequenceUsed[index] || ", "if ("),
            ],
        },
        new("doubles-in-a-batch", "the batch's own handling of one voucher or id twice, and the keys behind it")
        {
            Sql = DropEnrolmentIndexes + DropCompletionKeys + DropEventKey + DropScanKeys,
            Edits =
            [
                new(Plan, "if (_taken.TryGetValue(presented.Scan.ScanId, out var first))", "if (_taken.TryGetValue(presented.Scan.ScanId, out var first) && first < 0)"),
                new(Plan, "_taken.Add(presented.Scan.ScanId, index);", "_taken[presented.Scan.ScanId] = index;"),
                new(Plan, "_moved.Add(stored.Voucher.Id, (presented.Scan.Mode, step.Session));", ""),
                new(Plan, "_facts.Vouchers[stored.Voucher.Id] = stored with", "_ = stored with"),
                new(Statement, "must_hold((select count(*) from input where kind is not null), (select count(*) from moved))", "true"),
                // So that every scan goes by a batch, however few there are.
                new("Redeeming/RedemptionEngine.cs", "DirectUpTo = 1", "DirectUpTo = 0"),
            ],
        },
    ];
}
