using Voucher.Core.Settling;
using Voucher.Server.Api;

namespace Voucher.Server.Settling.Payees;

/// <summary>An account as a clerk proposes it.</summary>
/// <param name="Account">8–32 digits; blanks and hyphens are left out.</param>
/// <param name="Reason">Why it is proposed; may be left empty for the first one.</param>
/// <param name="SharedReason">Why the account is right although another payee has it too.</param>
public sealed record PayeeForm(string? Holder, string? Bank, string? Account, string? Reason = null, string? SharedReason = null)
{
    public const int LongestName = 60;

    public static readonly PayeeForm Empty = new(null, null, null);

    public (PayeeEntry Entry, List<FieldError> Errors) Read(string holder = "holder", string bank = "bank", string account = "account")
    {
        var read = new FieldReader();
        var entry = new PayeeEntry(
            Name(read, holder, Holder), Name(read, bank, Bank), Number(read, account),
            read.Text("reason", Reason, Reasons.Longest, isOptional: true) is { Length: > 0 } reason ? reason : null,
            read.Text("sharedReason", SharedReason, Reasons.Longest, isOptional: true) is { Length: > 0 } shared ? shared : null);
        return (entry, read.Errors);
    }

    /// <summary>
    /// The bank compares names to the letter, so its file must hold them as they are. One that a spreadsheet would compute is
    /// refused here, where it can be corrected, and not altered there.
    /// </summary>
    public static string Name(FieldReader read, string field, string? given)
    {
        var name = read.Text(field, given, LongestName);
        if (name is ['=' or '+' or '-' or '@' or '＝', ..]) read.Fault(field, new("不能以 = + - @ 开头", "Must not begin with = + - @"));
        else if (name.Any(char.IsControl)) read.Fault(field, new("不能换行", "Must be one line"));
        return name;
    }

    private PaymentAccountNumber Number(FieldReader read, string field)
    {
        if (!PaymentAccountNumber.TryParse(Account, out var number))
            read.Fault(field, new(
                $"请填写 {PaymentAccountNumber.Shortest} 到 {PaymentAccountNumber.Longest} 位数字的账号",
                $"Give an account number of {PaymentAccountNumber.Shortest} to {PaymentAccountNumber.Longest} digits"));
        return number;
    }

    /// <summary>Shows no account number, so that it cannot slip into a log.</summary>
    public override string ToString() => nameof(PayeeForm);
}

/// <summary>A form that was read.</summary>
public sealed record PayeeEntry(string Holder, string Bank, PaymentAccountNumber Number, string? Reason, string? SharedReason);

/// <summary>A proposal that was written.</summary>
/// <param name="IsDoubtfulCard">As long as a bank card, and its check digit is wrong: a warning.</param>
public sealed record ProposedPayee(int Id, bool IsDoubtfulCard);
