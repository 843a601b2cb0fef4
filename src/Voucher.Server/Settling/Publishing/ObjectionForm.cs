using System.Globalization;
using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Register;

namespace Voucher.Server.Settling.Publishing;

/// <summary>What is said against a published list.</summary>
/// <param name="Lines">Their numbers, such as <c>3</c> or <c>2, 5-8</c>; empty where a whole class is meant.</param>
/// <param name="ClassId">All lines of a class; the desk's only.</param>
/// <param name="Objector">Who objects and how they are reached; empty: anonymous. Sealed.</param>
public sealed record ObjectionForm(string? Lines, long? ClassId, string? Said, string? Objector, ObjectionChannel? Channel)
{
    /// <summary>Characters.</summary>
    public const int LongestSaid = 500;

    /// <summary>Characters.</summary>
    public const int LongestObjector = 100;

    /// <summary>Lines that one objection of the desk names by number.</summary>
    public const int MostLinesOfDesk = 500;

    /// <summary>Lines that one objection by the public page names: who objects to a whole class comes to the desk.</summary>
    public const int MostLinesOfPublic = 20;

    /// <summary>Of the text with the numbers of the lines.</summary>
    public const int LongestLines = 200;

    public (ObjectionForm Form, IReadOnlyList<int> Positions, List<FieldError> Errors) Check()
    {
        var read = new FieldReader();
        var isPublic = Channel == ObjectionChannel.PublicPage;
        var form = this with
        {
            Lines = read.Text("lines", Lines, LongestLines, isOptional: ClassId is not null && !isPublic),
            Said = read.Text("said", Said, LongestSaid),
            Objector = read.Text("objector", Objector, LongestObjector, isOptional: true),
        };
        // What is said is read by all who decide, and exported: who is meant the lines say, and who says it has a field of its own.
        if (read.IsClean("said") && Unmasking.HoldsNumber(form.Said!))
            read.Fault("said", new("情况里不要写证件号码、券号或电话；联系方式写在姓名和电话一栏", "Do not write numbers of people, vouchers or telephones here; how to reach you has its own field"));
        if (Channel is null || !Enum.IsDefined(Channel.Value)) read.Fault("channel", new("请选择反映方式", "Say by which way it came"));
        var positions = read.IsClean("lines") ? Positions(form.Lines!, isPublic ? MostLinesOfPublic : MostLinesOfDesk, read) : [];
        if (form.Lines!.Length > 0 && ClassId is not null) read.Fault("lines", new("写行号，或选整个班级，不要都填", "Give lines or choose a class, not both"));
        return (form, positions, read.Errors);
    }

    private static IReadOnlyList<int> Positions(string text, int most, FieldReader read)
    {
        SortedSet<int> positions = [];
        foreach (var part in text.Split([',', '，', '、', ' ', ';', '；'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', 2);
            if (!IsPosition(ends[0], out var first) || !IsPosition(ends[^1], out var last) || last < first || last - first >= most)
            {
                read.Fault("lines", new($"请写行号，如 3 或 2,5-8，最多 {most} 行", $"Give line numbers, such as 3 or 2,5-8; at most {most}"));
                return [];
            }
            positions.UnionWith(Enumerable.Range(first, last - first + 1));
        }
        if (positions.Count > most) read.Fault("lines", new($"最多 {most} 行", $"At most {most} lines"));
        else if (positions.Count == 0 && text.Length > 0) read.Fault("lines", new("请写行号", "Give line numbers"));
        return [.. positions];
    }

    private static bool IsPosition(string text, out int position) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out position) && position is >= 1 and <= PublicationForm.MostLines;
}
