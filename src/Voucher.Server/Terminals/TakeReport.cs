using Voucher.Core.Wire;
using Voucher.Server.Api;

namespace Voucher.Server.Terminals;

/// <summary>Takes a terminal's word on how it stands. Its word only: what it redeemed is counted from its scans.</summary>
public sealed class TakeReport(TerminalStore terminals, TerminalReportStore reports, TimeProvider clock)
{
    /// <summary>So far back may the oldest waiting scan lie; clocks that woke up in 2015 are let say so.</summary>
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public async Task<Outcome<Nothing>> RunAsync(TerminalId id, TerminalReport report)
    {
        var (clean, errors) = Read(report, clock.GetUtcNow());
        if (errors.Count > 0) return errors;
        // A terminal revoked a moment ago learns it here, also where no line could tell it.
        if (await terminals.FindAsync(id) is not { Status: TerminalStatus.Active or TerminalStatus.Quarantined }) return Refusal.Of(RefusalCode.TerminalNotActive);
        await reports.TakeAsync(id, clean, clock.GetUtcNow());
        return Nothing.Value;
    }

    private static (TerminalReport Clean, List<FieldError> Errors) Read(TerminalReport report, DateTimeOffset now)
    {
        var read = new FieldReader();
        var clean = report with
        {
            Version = read.Text("version", report.Version, TerminalReport.LongestVersion),
            Protocol = read.Number("protocol", report.Protocol, 0, short.MaxValue),
            Waiting = read.Number("waiting", report.Waiting, 0, TerminalReport.MostCounted),
            ClockAheadSeconds = read.Number("clockAheadSeconds", report.ClockAheadSeconds, -TerminalReport.MostSecondsAhead, TerminalReport.MostSecondsAhead),
            Readings = read.Number("readings", report.Readings, 0, TerminalReport.MostCounted),
            Accepted = read.Number("accepted", report.Accepted, 0, TerminalReport.MostCounted),
            Refused = read.Number("refused", report.Refused, 0, TerminalReport.MostCounted),
            System = read.Text("system", report.System, TerminalReport.LongestSystem),
        };
        CheckInstant(read, "waitingSince", report.WaitingSince, now);
        CheckInstant(read, "listAt", report.ListAt, now);
        if (report.ListCounter < 0) read.Fault("listCounter", new("不能为负数", "It cannot be negative"));
        return (clean, read.Errors);
    }

    private static void CheckInstant(FieldReader read, string field, DateTimeOffset? given, DateTimeOffset now)
    {
        if (given is { } instant && (instant < Earliest || instant > now + TimeSpan.FromSeconds(TerminalReport.MostSecondsAhead)))
            read.Fault(field, new("时间不在可用范围内", "The time is out of range"));
    }
}
