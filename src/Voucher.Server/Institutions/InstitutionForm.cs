using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Voucher.Server.Api;
using Voucher.Server.Settling.Payees;

namespace Voucher.Server.Institutions;

/// <summary>
/// What a clerk fills in for an institution. What it may teach, how many and until when is not among it: that is the matter of
/// its accreditations, which need two persons.
/// </summary>
/// <param name="Uscc">统一社会信用代码, 18 characters.</param>
/// <param name="Name">2–60 characters.</param>
/// <param name="PayeeName">Account holder; payee name, bank and account come together or not at all.</param>
/// <param name="PayeeAccount">8–32 digits; left empty on a change, the recorded account stays. Another one is proposed, and verified by a second person.</param>
public sealed record InstitutionForm(
    string? Uscc, string? Name, string? Address, string? Phone, string? PayeeName, string? PayeeBank, string? PayeeAccount)
{
    /// <summary>Fields that were of this form before there were accreditations. Who still sends them must not believe that they were kept.</summary>
    private static readonly string[] Moved = ["accreditedFrom", "accreditedUntil", "capacity", "isSuspended", "programmeCodes"];

    public const int ShortestName = 2;
    public const int LongestName = 60;
    public const int LongestAddress = 100;
    public const int LongestPhone = 30;
    /// <summary>Of a class, as it may be accredited at most.</summary>
    public const int LargestCapacity = 1_000;

    public const int LongestPayee = PayeeForm.LongestName;
    public const int ShortestAccount = 8;
    public const int LongestAccount = 32;
    public const int MostProgrammes = 500;

    public static readonly InstitutionForm Empty = new(null, null, null, null, null, null, null);

    /// <summary>What else the sender of JSON gave.</summary>
    [JsonExtensionData, BindNever]
    public Dictionary<string, JsonElement>? Others { get; init; }

    /// <summary>The form with what is recorded, but for the payee account, which is never shown again.</summary>
    public static InstitutionForm Of(Institution known) => new(
        known.Uscc.ToString(), known.Name, known.Address, known.Phone, known.PayeeName, known.PayeeBank, null);

    /// <param name="hasAccount">An account is on record, so that it may be left empty.</param>
    public (InstitutionEntry Entry, List<FieldError> Errors) Read(bool hasAccount)
    {
        var read = new FieldReader();
        if (Core.Institutions.Uscc.TryParse(Uscc, out var uscc) is var fault and not UsccFault.None)
            read.Fault("uscc", UsccFaults.Explain(fault));
        foreach (var field in Moved.Where(field => Others?.Keys.Contains(field, StringComparer.OrdinalIgnoreCase) == true)) read.Fault(field, MovedAway);
        var entry = new InstitutionEntry(
            uscc,
            read.Text("name", Name, LongestName, shortest: ShortestName),
            read.Text("address", Address, LongestAddress, isOptional: true),
            read.Text("phone", Phone, LongestPhone, isOptional: true),
            ReadPayee(read, hasAccount));
        return (entry, read.Errors);
    }

    private static readonly Words MovedAway = new(
        "不在这里登记：由认定决定，请用 /api/accreditations", "Is not entered here: accreditations decide it, see /api/accreditations");

    private PayeeEntry? ReadPayee(FieldReader read, bool hasAccount)
    {
        if (!hasAccount && string.IsNullOrWhiteSpace(PayeeName + PayeeBank + PayeeAccount)) return null;
        var name = PayeeForm.Name(read, "payeeName", PayeeName);
        var bank = PayeeForm.Name(read, "payeeBank", PayeeBank);
        var account = string.Concat((PayeeAccount ?? "").Select(FullWidth.ToAscii).Where(c => c is not (' ' or '-')));
        if (account.Length == 0 && hasAccount) return new PayeeEntry(name, bank, null);
        if (account.Length is < ShortestAccount or > LongestAccount || !account.All(char.IsAsciiDigit))
            read.Fault("payeeAccount", new(
                $"请填写 {ShortestAccount} 到 {LongestAccount} 位数字的账号", $"Give an account number of {ShortestAccount} to {LongestAccount} digits"));
        return new PayeeEntry(name, bank, account);
    }
}

/// <summary>A form that was read.</summary>
public sealed record InstitutionEntry(
    Uscc Uscc, string Name, string Address, string Phone, PayeeEntry? Payee);

/// <param name="Account"><c>null</c>: the recorded account stays.</param>
public sealed record PayeeEntry(string Name, string Bank, string? Account)
{
    /// <summary>Shows no account number, so that it cannot slip into a log.</summary>
    public override string ToString() => nameof(PayeeEntry);
}
