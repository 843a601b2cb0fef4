using System.Globalization;

namespace Voucher.Server.Register.Changes;

/// <summary>One change of one field, as people read it.</summary>
/// <param name="Before">As the history keeps it.</param>
/// <param name="Who">By hand, or who started the import; none for the system itself.</param>
/// <param name="FileName">Of the import that brought it.</param>
public sealed record ChangeLine(
    int Number, PersonField Field, string Before, string After, DateTimeOffset At, string? Who, long? ImportId, string? FileName, string Reason);

/// <summary>Codes of the history as names.</summary>
/// <param name="Places">Names by code, of townships and villages, ended ones too.</param>
/// <param name="Trades">Names by code.</param>
public sealed record ChangeWords(IReadOnlyDictionary<long, string> Places, IReadOnlyDictionary<int, string> Trades)
{
    /// <summary>What a field said, in the reader's language; empty stays empty.</summary>
    public Words Show(PersonField field, string text) => text.Length == 0 ? new("", "") : field switch
    {
        PersonField.Township or PersonField.Village => Same(Places.GetValueOrDefault(Number(text), text)),
        PersonField.LabourAbility => ((LabourAbility)Number(text)).Name(),
        PersonField.Employment => ((EmploymentState)Number(text)).Name(),
        PersonField.Categories => Same(string.Join('、', CategoryList.Split(text))),
        PersonField.WishTrades => Same(string.Join('、', TradeList.Split(text).Select(code => Trades.GetValueOrDefault(code, code.ToString(CultureInfo.InvariantCulture))))),
        _ => Same(text),
    };

    private static Words Same(string text) => new(text, text);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
