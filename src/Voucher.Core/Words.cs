namespace Voucher.Core;

/// <summary>One sentence for a person, in Chinese (what the screen shows first) and in English.</summary>
public sealed record Words(string Zh, string En)
{
    /// <summary>The sentence in the given language: <c>en</c> for English, anything else for Chinese.</summary>
    public string In(string language) => language.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? En : Zh;
}
