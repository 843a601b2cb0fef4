using Voucher.Core.Wire;

namespace Voucher.Server.Operating;

/// <summary>How a scan ended, as the meters tell it: few enough to be a label.</summary>
public enum ScanMark
{
    Accepted,

    /// <summary>A rule said no.</summary>
    Refused,

    /// <summary>The voucher had been used for this already, here or elsewhere.</summary>
    Conflict,

    /// <summary>Region, key or signature did not hold.</summary>
    Forged,

    /// <summary>Too fast, or the queue was full: nothing is stored, the same id may ask again.</summary>
    Busy,
    BadInput,

    /// <summary>The database or this server failed; the same id may ask again.</summary>
    Fault,
}

/// <summary>Reads the mark off an answer.</summary>
public static class ScanMarks
{
    public static ScanMark Of(Outcome<ScanAnswer> outcome) => outcome switch
    {
        Outcome<ScanAnswer>.Done(var answer) => Of((RefusalCode)answer.Refusal),
        Outcome<ScanAnswer>.Refused(var refusal) => Of(refusal.Code),
        _ => ScanMark.BadInput,
    };

    public static ScanMark Of(RefusalCode refusal) => refusal switch
    {
        RefusalCode.None => ScanMark.Accepted,
        RefusalCode.VoucherCompleted or RefusalCode.EnrolledHere or RefusalCode.EnrolledElsewhere or RefusalCode.VoucherInConflict
            or RefusalCode.AlreadyHandedOver or RefusalCode.AlreadyCheckedIn or RefusalCode.AlreadyCheckedOut => ScanMark.Conflict,
        >= RefusalCode.OtherRegion and <= RefusalCode.SignatureFalse => ScanMark.Forged,
        RefusalCode.TooManyScans or RefusalCode.TooManyShortCodes or RefusalCode.TooBusy => ScanMark.Busy,
        _ => ScanMark.Refused,
    };
}
