using Voucher.Server.Redeeming;

namespace Voucher.Simulation.Storage;

/// <summary>A voucher's row and what is joined to it.</summary>
internal sealed class VoucherRow(StoredVoucher stored)
{
    public StoredVoucher Stored { get; private set; } = stored;

    /// <summary>As it was before the last change; only a broken world shows it.</summary>
    public StoredVoucher Outdated { get; private set; } = stored;

    public EnrolmentRow? Enrolment { get; set; }

    public void Set(StoredVoucher stored) => (Outdated, Stored) = (Stored, stored);
}

/// <summary>One place on a roster with its attendance and result.</summary>
internal sealed class EnrolmentRow(long id, TaughtClass taught, int number)
{
    public long Id => id;
    public TaughtClass Taught => taught;
    public int Number => number;
    public VoucherId Voucher { get; set; }
    public bool IsActive { get; set; } = true;
    public uint CheckedIn { get; set; }
    public uint CheckedOut { get; set; }
    public DateTimeOffset[] CheckedInAt { get; } = new DateTimeOffset[taught.Sessions.Count];
    public bool? HasPassed { get; set; }
    public bool IsCompleted { get; set; }
}

/// <summary>What was committed, in the order of commits.</summary>
internal abstract record Committed
{
    /// <summary>One scan of a batch; the batch stands as a whole with the last of it.</summary>
    public sealed record Scan(ScanEntry Entry) : Committed
    {
        public int BatchEnd { get; set; }
    }

    /// <summary>The county's desk, or the clock of the night, changed a voucher or what stands around it.</summary>
    public sealed record Act(DeskAct Deed, int Subject, VoucherId Voucher, Paper? Successor, DateTimeOffset At) : Committed;
}

/// <summary>What others than terminals do to the same storage.</summary>
internal enum DeskAct
{
    Revoke,
    Withdraw,
    Replace,
    ReleaseExpired,
    Pass,
    Fail,
    Suspend,
    Reinstate,
    RevokeTerminal,
}

/// <summary>The rules of the storage that a broken world leaves out, to show that the checks notice.</summary>
public enum Broken
{
    Nothing,
    VersionGuard,
    ScanIdIsUnique,
    SequenceIsUnique,
    Seats,
    NumberOfPerson,
    Reservation,
    AllOrNothing,
    WhatIsWrittenStays,
    ReadsAreFresh,
    EarlierAnswersAreFound,
    AttendanceIsKept,
}
