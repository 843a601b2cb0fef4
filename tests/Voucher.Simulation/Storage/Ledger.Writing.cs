using Voucher.Server.Redeeming;

namespace Voucher.Simulation.Storage;

/// <summary>A row would break a rule that no race explains: the statement fails, and would fail again.</summary>
internal sealed class RowNotAllowedException(string rule) : Exception(rule);

internal sealed partial class Ledger
{
    private readonly HashSet<Guid> _batchIds = [];
    private readonly HashSet<(TerminalId, long)> _batchSequences = [];
    private readonly HashSet<VoucherId> _batchVouchers = [];
    private readonly Dictionary<ClassId, int> _batchSeats = [];
    private readonly HashSet<(PersonId, int)> _batchNumbers = [];

    /// <summary>All entries or none; false when what they rest on has changed.</summary>
    /// <exception cref="RowNotAllowedException">Somebody would leave before they came.</exception>
    public bool Write(IReadOnlyList<ScanEntry> entries)
    {
        _writes++;
        Forget();
        foreach (var entry in entries)
            if (!MayStand(entry)) return false;
        if (_broken == Broken.WhatIsWrittenStays && _writes % 5 == 0) return true;
        var first = _log.Count;
        foreach (var entry in entries) Apply(entry);
        for (var i = first; i < _log.Count; i++) ((Committed.Scan)_log[i]).BatchEnd = _log.Count;
        return true;
    }

    private void Forget()
    {
        _batchIds.Clear();
        _batchSequences.Clear();
        _batchVouchers.Clear();
        _batchSeats.Clear();
        _batchNumbers.Clear();
    }

    private bool MayStand(ScanEntry entry)
    {
        var scan = entry.Presented.Scan;
        var isNewId = !_scans.ContainsKey(scan.ScanId) && _batchIds.Add(scan.ScanId);
        if (!isNewId && _broken != Broken.ScanIdIsUnique) return false;
        var key = (entry.Presented.Terminal, scan.Sequence);
        var isNewSequence = !_sequences.ContainsKey(key) && _batchSequences.Add(key);
        var isSecondTime = !isNewId && _broken == Broken.ScanIdIsUnique;
        if (!isNewSequence && !isSecondTime && _broken != Broken.SequenceIsUnique) return false;
        return entry.Move is not { } move || MayMove(entry, move);
    }

    private bool MayMove(ScanEntry entry, VoucherMove move)
    {
        var row = _vouchers[entry.Voucher!.Value];
        var isUnchanged = row.Stored.Events == move.Before.Events && row.Stored.Voucher.State == move.Step.From && _batchVouchers.Add(entry.Voucher.Value);
        if (!isUnchanged && _broken != Broken.VersionGuard) return false;
        if (move.Step.Kind is VoucherEventKind.Enrolled or VoucherEventKind.Completed && row.Stored.Voucher.InConflict) return false;
        return move.Step.Kind switch
        {
            VoucherEventKind.Enrolled => MayEnrol(entry, move, row),
            VoucherEventKind.CheckedIn => MayCheckIn(row, move),
            VoucherEventKind.CheckedOut => MayCheckOut(entry, row, move),
            _ => row.Enrolment is { IsCompleted: false } || _broken != Broken.Nothing,
        };
    }

    private bool MayEnrol(ScanEntry entry, VoucherMove move, VoucherRow row)
    {
        if (!row.Stored.IsReserved && _broken != Broken.Reservation) return false;
        var (taught, enrolled) = _classes[entry.Presented.Class];
        var taken = _batchSeats[entry.Presented.Class] = _batchSeats.GetValueOrDefault(entry.Presented.Class) + 1;
        if (enrolled + taken > taught.Offer.Capacity && _broken != Broken.Seats) return false;
        if (row.Enrolment is { IsActive: true } && _broken != Broken.VersionGuard) return false;
        var isNext = move.EnrolmentNumber >= NextNumber(move.Before.Person) && _batchNumbers.Add((move.Before.Person, move.EnrolmentNumber));
        return isNext || _broken is Broken.NumberOfPerson or Broken.VersionGuard;
    }

    private bool MayCheckIn(VoucherRow row, VoucherMove move) =>
        _broken == Broken.VersionGuard || (row.Enrolment is { } place && (place.CheckedIn & MarkOf(place, move)) == 0);

    private bool MayCheckOut(ScanEntry entry, VoucherRow row, VoucherMove move)
    {
        if (row.Enrolment is not { } place) return _broken == Broken.VersionGuard;
        var mark = MarkOf(place, move);
        var isOpen = (place.CheckedIn & mark) != 0 && (place.CheckedOut & mark) == 0;
        if (isOpen && entry.Presented.ReceivedAt < place.CheckedInAt[place.Taught.IndexOf(move.Step.Session!.Value)])
            throw new RowNotAllowedException("checked_out_at >= checked_in_at");
        return isOpen || _broken == Broken.VersionGuard;
    }

    private static uint MarkOf(EnrolmentRow place, VoucherMove move) => 1u << place.Taught.IndexOf(move.Step.Session!.Value);

    private void Apply(ScanEntry entry)
    {
        var presented = entry.Presented;
        _scans.TryAdd(presented.Scan.ScanId, new RecordedScan(presented.Terminal, presented.ContentHash, entry.Answer));
        _sequences.TryAdd((presented.Terminal, presented.Scan.Sequence), presented.Scan.ScanId);
        var isTorn = _broken == Broken.AllOrNothing && _writes % 5 == 0;
        if (entry.Move is { } move && !isTorn) Move(entry, move, _vouchers[entry.Voucher!.Value]);
        _log.Add(new Committed.Scan(entry));
    }

    private void Move(ScanEntry entry, VoucherMove move, VoucherRow row)
    {
        var at = entry.Presented.ReceivedAt;
        switch (move.Step.Kind)
        {
            case VoucherEventKind.Enrolled:
                Enrol(entry, row, move.EnrolmentNumber);
                break;
            case VoucherEventKind.CheckedIn when row.Enrolment is { } place && _broken != Broken.AttendanceIsKept:
                place.CheckedIn |= MarkOf(place, move);
                place.CheckedInAt[place.Taught.IndexOf(move.Step.Session!.Value)] = at;
                break;
            case VoucherEventKind.CheckedOut when row.Enrolment is { } place:
                place.CheckedOut |= MarkOf(place, move);
                break;
            case VoucherEventKind.Completed when row.Enrolment is { } place:
                place.IsCompleted = true;
                break;
        }
        var isTold = move.Step.Kind is VoucherEventKind.Enrolled or VoucherEventKind.Completed;
        var use = isTold
            ? new VoucherUse(move.Step.Kind, at, entry.Terminal.InstitutionName, row.Enrolment?.Taught.Offer.Name, entry.Terminal.Name)
            : row.Stored.Voucher.LastUse;
        row.Set(row.Stored with { Events = row.Stored.Events + 1, Voucher = row.Stored.Voucher with { State = move.Step.To, LastUse = use } });
    }

    private void Enrol(ScanEntry entry, VoucherRow row, int number)
    {
        var (taught, enrolled) = _classes[entry.Presented.Class];
        _classes[entry.Presented.Class] = (taught, enrolled + 1);
        var place = new EnrolmentRow(++_enrolmentIds, taught, number) { Voucher = row.Stored.Voucher.Id };
        if (!_enrolments.TryGetValue(row.Stored.Person, out var places)) _enrolments.Add(row.Stored.Person, places = []);
        places.Add(place);
        row.Enrolment = place;
        var enrolment = new Enrolment(taught.Offer.Id, taught.Offer.Institution, entry.Presented.ReceivedAt);
        row.Set(row.Stored with { EnrolmentId = place.Id, Voucher = row.Stored.Voucher with { Enrolment = enrolment } });
    }
}
