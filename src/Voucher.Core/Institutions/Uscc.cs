namespace Voucher.Core.Institutions;

/// <summary>What is wrong with a text that should be a unified social credit code.</summary>
public enum UsccFault
{
    None = 0,
    Empty = 1,
    WrongLength = 2,
    ForeignCharacter = 3,
    WrongCheckCharacter = 4,
}

/// <summary>
/// A unified social credit code (统一社会信用代码), GB 32100-2015: 18 characters of an alphabet without I, O, S, V, Z;
/// weights 3^(i−1) mod 31; the last character checks the first 17.
/// </summary>
public readonly record struct Uscc
{
    private const string Alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    private readonly string? _text;

    private Uscc(string text) => _text = text;

    public static UsccFault TryParse(string? text, out Uscc code)
    {
        code = default;
        var normalised = string.Concat((text ?? "").Trim().Select(FullWidth.ToAscii)).ToUpperInvariant();
        if (normalised.Length == 0) return UsccFault.Empty;
        if (normalised.Length != 18) return UsccFault.WrongLength;
        if (normalised.Any(c => !Alphabet.Contains(c))) return UsccFault.ForeignCharacter;
        if (CheckCharacter(normalised) != normalised[17]) return UsccFault.WrongCheckCharacter;
        code = new Uscc(normalised);
        return UsccFault.None;
    }

    public static Uscc Parse(string text) =>
        TryParse(text, out var code) is var fault and not UsccFault.None
            ? throw new FormatException($"Not a unified social credit code: {fault}.")
            : code;

    /// <summary>The check character that belongs to the first 17 characters.</summary>
    public static char CheckCharacter(ReadOnlySpan<char> first17)
    {
        var (sum, weight) = (0, 1);
        for (var i = 0; i < 17; i++)
        {
            sum += Alphabet.IndexOf(first17[i], StringComparison.Ordinal) * weight;
            weight = weight * 3 % 31;
        }
        return Alphabet[(31 - sum % 31) % 31];
    }

    public override string ToString() => _text ?? "";
}
