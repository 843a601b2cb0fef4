using System.Collections.Frozen;
using System.Globalization;

namespace Voucher.Core.Money;

/// <summary>What a ledger transaction is about. Numbers are stored: they never change meaning.</summary>
public enum LedgerSubjectKind : short
{
    BudgetLine = 1,
    Batch = 2,

    /// <summary>People left out of a batch (剔除人员).</summary>
    LeaveOut = 3,

    Claim = 4,
    Payment = 5,
    Voucher = 6,

    /// <summary>Vouchers that expired unused; the number is that of the first of them.</summary>
    ExpiredVouchers = 7,

    Revocation = 8,

    /// <summary>An earlier transaction, which is corrected.</summary>
    Transaction = 9,

    /// <summary>A taking back (追回).</summary>
    Recovery = 10,

    /// <summary>Money paid in for what was taken back, by its own number.</summary>
    PayIn = 11,

    /// <summary>A transfer of a payment from which something was kept; the number is that of its row.</summary>
    PaymentRow = 12,

    AllowanceList = 13,

    /// <summary>One allowance, struck from its list.</summary>
    Allowance = 14,

    /// <summary>A list of retained money (留存).</summary>
    RetainedList = 15,

    /// <summary>An objection to a publication (公示异议).</summary>
    Objection = 16,
}

/// <summary>What a ledger transaction is about, and under which document: written with it, so that nobody reads it out of its cause later.</summary>
/// <param name="DocumentNo">文号 of an allocation, a cut or a transfer; <c>null</c> where there is none.</param>
public sealed record LedgerSubject(LedgerSubjectKind Kind, long Id, string? DocumentNo = null)
{
    private static readonly FrozenDictionary<string, LedgerSubjectKind> Kinds = new Dictionary<string, LedgerSubjectKind>
    {
        ["allocate"] = LedgerSubjectKind.BudgetLine, ["lower"] = LedgerSubjectKind.BudgetLine, ["shift"] = LedgerSubjectKind.BudgetLine,
        ["batch"] = LedgerSubjectKind.Batch, ["batch-stop"] = LedgerSubjectKind.Batch, ["batch-leave-out"] = LedgerSubjectKind.LeaveOut,
        ["claim"] = LedgerSubjectKind.Claim, ["payment"] = LedgerSubjectKind.Payment,
        ["revoke"] = LedgerSubjectKind.Voucher, ["withdraw"] = LedgerSubjectKind.Voucher, ["expire"] = LedgerSubjectKind.ExpiredVouchers,
        ["revocation"] = LedgerSubjectKind.Revocation, ["correct"] = LedgerSubjectKind.Transaction,
        ["recovery"] = LedgerSubjectKind.Recovery, ["pay-in"] = LedgerSubjectKind.PayIn, ["net"] = LedgerSubjectKind.PaymentRow,
        ["allowance-list"] = LedgerSubjectKind.AllowanceList, ["allowance-list-cancel"] = LedgerSubjectKind.AllowanceList,
        ["allowance-cancel"] = LedgerSubjectKind.Allowance, ["retained"] = LedgerSubjectKind.RetainedList, ["objection"] = LedgerSubjectKind.Objection,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// The subject of a cause <c>WORD:NUMBER</c>, <c>WORD:NUMBER:MORE</c> or <c>shift:FROM-TO:DOCUMENT</c> (the line that gives); of a
    /// correction <c>correct:CAUSE</c> that of the cause, whose decision is undone; <c>null</c> where the word is not known or no number
    /// follows it. A document may hold colons.
    /// </summary>
    public static LedgerSubject? Of(string cause)
    {
        if (cause.Split(':', 3) is not [var word, var number, .. var rest] || !Kinds.TryGetValue(word, out var kind)) return null;
        if (!long.TryParse(number.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return kind == LedgerSubjectKind.Transaction && rest.Length > 0 ? Of($"{number}:{rest[0]}") : null;
        return new(kind, id, kind == LedgerSubjectKind.BudgetLine && rest is [{ Length: > 0 } document] ? document : null);
    }
}
