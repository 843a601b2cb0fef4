namespace Voucher.Server.Register.Changes;

/// <summary>Who brought a change about.</summary>
/// <param name="By">Who made it by hand or started the import; none for the system itself.</param>
/// <param name="Import">The import that brought it.</param>
/// <param name="Reason">Why, where a person said so; no personal data.</param>
public sealed record ChangeCause(AccountId? By = null, long? Import = null, string Reason = "");

/// <summary>One line of the change history, as it is written.</summary>
/// <param name="Number">Counts the person's changes from 1.</param>
/// <param name="Before">Masked where the field is personal.</param>
/// <param name="BeforeSealed">The value itself where <paramref name="Before"/> is masked.</param>
public sealed record PersonChange(int Number, PersonField Field, string Before, string After, byte[]? BeforeSealed = null)
{
    public static PersonChange Created() => new(1, PersonField.Created, "", "");
}
