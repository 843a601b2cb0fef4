using Voucher.Core.Wire;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Redeeming;

/// <summary>What becomes of one scan of a batch.</summary>
public abstract record ScanVerdict
{
    private ScanVerdict() { }

    /// <summary>The id was answered before: the same answer again.</summary>
    public sealed record Known(ScanAnswer Answer) : ScanVerdict;

    /// <summary>Not taken and not recorded.</summary>
    public sealed record Turned(Refusal Refusal) : ScanVerdict;

    /// <summary>Answered once the entry is written.</summary>
    public sealed record Write(ScanEntry Entry) : ScanVerdict;

    /// <summary>The same scan came twice in this batch and shares its verdict.</summary>
    public sealed record SameAs(int Index) : ScanVerdict;

    /// <summary>Its voucher moves in this batch: decided in the next one, when that is written.</summary>
    public sealed record Later : ScanVerdict;
}

/// <summary>One scan to be recorded with its answer and, when it was accepted, with the step that its voucher takes.</summary>
public sealed record ScanEntry(PresentedScan Presented, ScanningTerminal Terminal, ScanAnswer Answer, VoucherMove? Move)
{
    /// <summary>The voucher that the scan was about; <c>null</c> when none was found.</summary>
    public VoucherId? Voucher { get; init; }
}

/// <summary>The step of an accepted scan. It stands only if the voucher's row still is as it was read.</summary>
/// <param name="EnrolmentNumber">The person's how-manieth enrolment this is; 0 but for an enrolment.</param>
public sealed record VoucherMove(StoredVoucher Before, VoucherEvent Step, int EnrolmentNumber);
