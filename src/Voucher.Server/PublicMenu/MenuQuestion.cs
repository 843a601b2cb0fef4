using Voucher.Core.Programmes;
using Voucher.Server.Api;

namespace Voucher.Server.PublicMenu;

/// <summary>What somebody asks the public menu.</summary>
/// <param name="Normalised">What was typed to search, as <see cref="Spelling.Normalise"/> leaves it.</param>
public sealed record MenuQuestion(int? Township, int? Trade, ProgrammeKind? Kind, bool OnlyNear, string Typed, string Normalised, bool InEnglish)
{
    public const int LongestSearch = 40;

    public static (MenuQuestion Question, List<FieldError> Errors) Read(
        MenuBoard board, string? township, string? trade, string? kind, string? near, string? q, string? lang)
    {
        var read = new FieldReader();
        var named = read.OptionalNumber("township", township, 0, int.MaxValue);
        var place = board.TownshipOf(named)?.Code;
        if (named is not null && place is null) read.Fault("township", new("没有这个乡镇", "No such township"));
        var code = read.OptionalNumber("trade", trade, 1, VoucherScope.SmallestProgrammeCode - 1);
        var typed = read.Text("q", q, LongestSearch, isOptional: true);
        return (new MenuQuestion(place, code, KindOf(read, kind), near == "1", typed, Spelling.Normalise(typed), lang == "en"), read.Errors);
    }

    /// <summary>The address of the same question with something else in it.</summary>
    public string Address(bool? inEnglish = null)
    {
        List<string> parts = [];
        if (Trade is { } trade) parts.Add($"trade={trade}");
        if (Kind is { } kind) parts.Add($"kind={kind}");
        if (OnlyNear) parts.Add("near=1");
        if (Typed.Length > 0) parts.Add($"q={Uri.EscapeDataString(Typed)}");
        if (inEnglish ?? InEnglish) parts.Add("lang=en");
        return $"/menu{(Township is { } township ? $"/{township}" : "")}{(parts.Count > 0 ? "?" : "")}{string.Join('&', parts)}";
    }

    private static ProgrammeKind? KindOf(FieldReader read, string? kind)
    {
        if (string.IsNullOrEmpty(kind)) return null;
        if (Array.Exists(Enum.GetNames<ProgrammeKind>(), name => name == kind)) return Enum.Parse<ProgrammeKind>(kind);
        read.Fault("kind", new("没有这个培训类型", $"Choose one of {string.Join(", ", Enum.GetNames<ProgrammeKind>())}"));
        return null;
    }
}
