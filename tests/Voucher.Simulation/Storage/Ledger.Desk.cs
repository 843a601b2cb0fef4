using Voucher.Server.Redeeming;

namespace Voucher.Simulation.Storage;

/// <summary>What the county's desk and the night's expiry run do: each in one transaction, decided by the same machine.</summary>
internal sealed partial class Ledger
{
    private const string Reason = "模拟";
    private readonly Dictionary<VoucherId, Paper> _reprints = [];
    private uint _successors = 1_000_000;

    /// <summary>The newest reprint of a voucher, or the voucher itself.</summary>
    public Paper LatestOf(Paper paper)
    {
        while (_reprints.TryGetValue(paper.Id, out var reprint)) paper = reprint;
        return paper;
    }

    /// <summary>Does what is asked if the machine allows it.</summary>
    public void Act(DeskAct deed, int subject, VoucherId voucher, DateTimeOffset now)
    {
        switch (deed)
        {
            case DeskAct.Suspend or DeskAct.Reinstate:
                if (deed == DeskAct.Suspend ? _suspended.Add(new InstitutionId(subject)) : _suspended.Remove(new InstitutionId(subject))) Note(deed, subject, voucher, now);
                break;
            case DeskAct.RevokeTerminal:
                var terminal = _terminals[new TerminalId(subject)];
                _terminals[terminal.Id] = terminal with { Status = TerminalStatus.Revoked };
                Note(deed, subject, voucher, now);
                break;
            case DeskAct.ReleaseExpired:
                ReleaseExpired(now);
                break;
            default:
                Act(deed, _vouchers[voucher], now);
                break;
        }
    }

    private void Act(DeskAct deed, VoucherRow row, DateTimeOffset now)
    {
        if (deed is DeskAct.Pass or DeskAct.Fail) Assess(deed, row, now);
        else if (deed == DeskAct.Replace) Replace(row, now);
        else Close(deed, row, now, deed == DeskAct.Revoke ? new VoucherCommand.Revoke(Reason) : new VoucherCommand.Withdraw(Reason));
    }

    private void Note(DeskAct deed, int subject, VoucherId voucher, DateTimeOffset now, Paper? successor = null) =>
        _log.Add(new Committed.Act(deed, subject, voucher, successor, now));

    private static Decision.Accepted? Ask(VoucherRow row, VoucherCommand command, DateTimeOffset now) =>
        VoucherMachine.Decide(row.Stored.Voucher, command, now, CountyFile.Policy) as Decision.Accepted;

    private void Assess(DeskAct deed, VoucherRow row, DateTimeOffset now)
    {
        if (row is not { Enrolment: { IsActive: true } place, Stored.Voucher.State: VoucherState.Enrolled }) return;
        place.HasPassed = deed == DeskAct.Pass;
        Note(deed, 0, row.Stored.Voucher.Id, now);
    }

    private void Close(DeskAct deed, VoucherRow row, DateTimeOffset now, VoucherCommand command)
    {
        if (Ask(row, command, now) is not { } accepted) return;
        if (row.Enrolment is { IsActive: true } place) Leave(row, place);
        row.Set(row.Stored with
        {
            Events = row.Stored.Events + 1,
            EnrolmentId = null,
            IsReserved = false,
            Voucher = accepted.Next with { Enrolment = null },
        });
        Note(deed, 0, row.Stored.Voucher.Id, now);
    }

    private void Leave(VoucherRow row, EnrolmentRow place)
    {
        place.IsActive = false;
        row.Enrolment = null;
        var (taught, enrolled) = _classes[place.Taught.Offer.Id];
        _classes[place.Taught.Offer.Id] = (taught, enrolled - 1);
    }

    private void Replace(VoucherRow row, DateTimeOffset now)
    {
        var old = row.Stored;
        var paper = CountyFile.PaperOf(new VoucherId(old.Voucher.Id.Region, ++_successors), old.Person, old.Voucher.ValidUntil) with { IsReserved = old.IsReserved };
        if (Ask(row, new VoucherCommand.Replace(paper.Id, Reason), now) is not { } accepted) return;
        var successor = Add(paper, old.Voucher.State, events: (int)old.Voucher.State);
        if (row.Enrolment is { } place)
        {
            (row.Enrolment, successor.Enrolment, place.Voucher) = (null, place, paper.Id);
            successor.Set(successor.Stored with { EnrolmentId = place.Id, Voucher = successor.Stored.Voucher with { Enrolment = old.Voucher.Enrolment } });
        }
        row.Set(old with { Events = old.Events + 1, EnrolmentId = null, IsReserved = false, Voucher = accepted.Next with { Enrolment = null } });
        _reprints.Add(old.Voucher.Id, paper);
        Note(DeskAct.Replace, 0, old.Voucher.Id, now, paper);
    }

    private void ReleaseExpired(DateTimeOffset now)
    {
        foreach (var row in _vouchers.Values)
        {
            if (!row.Stored.IsReserved || !row.Stored.Voucher.IsExpiredOn(CountyTime.DayOf(now))) continue;
            row.Set(row.Stored with { IsReserved = false });
            Note(DeskAct.ReleaseExpired, 0, row.Stored.Voucher.Id, now);
        }
    }
}
