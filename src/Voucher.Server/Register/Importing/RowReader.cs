using System.Globalization;
using System.Text;

namespace Voucher.Server.Register.Importing;

/// <summary>One thing wrong with one row.</summary>
/// <param name="Column">Title of the column, as in the form.</param>
public sealed record RowProblem(string Column, Words Reason);

/// <summary>
/// Reads one row into a statement, or says all that is wrong with it. Sex and age serve to check the identity number and are
/// then taken from it: a sex that contradicts it is an error; so is an age more than <see cref="AgeSlack"/> years off (lists
/// are a year or two old and count years differently).
/// </summary>
public sealed class RowReader(HeaderRow header, TownshipNames townships, DateOnly today)
{
    public const int AgeSlack = 3;
    public const int OldestAge = 120;
    private static readonly char[] CategorySeparators = ['、', '，', ',', '；', ';', '/', '|'];

    public (PersonStatement? Statement, IReadOnlyList<RowProblem> Problems) Read(SheetRow row) => new Reading(this, row).Run();

    /// <summary>The reading of one row: gathers problems as it goes.</summary>
    private sealed class Reading(RowReader reader, SheetRow row)
    {
        private readonly List<RowProblem> _problems = [];

        public (PersonStatement?, IReadOnlyList<RowProblem>) Run()
        {
            var number = IdNumber();
            var name = Name();
            var education = Text(RegisterColumn.Education, PersonRecord.LongestEducation);
            var phone = Phone();
            var place = Text(RegisterColumn.HouseholdPlace, PersonRecord.LongestHouseholdPlace);
            var kind = Text(RegisterColumn.HouseholdKind, PersonRecord.LongestHouseholdKind);
            var employer = Text(RegisterColumn.PledgedEmployer, PersonRecord.LongestPledgedEmployer);
            var township = Township(place);
            var categories = Categories();
            if (number is { } holder) { CheckSex(holder); CheckAge(holder); }
            if (_problems.Count > 0 || number is not { } known) return (null, _problems);
            // An address that names no township says nothing of it; an own column that is empty empties it.
            var saysTownship = township is not null || Has(RegisterColumn.Township);
            return (new PersonStatement(known, name, education, phone, saysTownship, township, place, kind, employer, categories), []);
        }

        private bool Has(RegisterColumn column) => reader.Header.Columns.ContainsKey(column);

        private Cell At(RegisterColumn column) => row.At(reader.Header.Columns[column]);

        /// <summary>Clean text of at most so many characters; <c>null</c> when the sheet has no such column.</summary>
        private string? Text(RegisterColumn column, int longest)
        {
            if (!Has(column)) return null;
            var cell = At(column);
            if (cell.IsFormulaText) return Bad(column, new("以“=”开头，像是公式", "Begins with “=”, like a formula"));
            if (cell.Clean() is not { } text) return Bad(column, new("含有不可见的控制字符或残缺字符", "Holds control characters or broken ones"));
            return text.EnumerateRunes().Count() <= longest
                ? text
                : Bad(column, new($"超过 {longest} 字", $"Longer than {longest} characters"));
        }

        private string Bad(RegisterColumn column, Words reason)
        {
            _problems.Add(new(column.Title(), reason));
            return "";
        }

        private string Name()
        {
            if (At(RegisterColumn.Name).IsFormula) return Bad(RegisterColumn.Name, Formula);
            var before = _problems.Count;
            var name = PersonNames.Normalise(Text(RegisterColumn.Name, PersonName.LongestLength)!);
            if (_problems.Count > before) return "";
            if (name.Length == 0) return Bad(RegisterColumn.Name, new("没有填写", "Not given"));
            return PersonNames.IsName(name) ? name : Bad(RegisterColumn.Name, new("含有数字或符号", "Holds digits or symbols"));
        }

        private IdNumber? IdNumber()
        {
            const RegisterColumn column = RegisterColumn.IdNumber;
            var cell = At(column);
            if (cell.IsFormula) Bad(column, Formula);
            else if (IsRounded(cell)) Bad(column, Rounded);
            else if (cell.IsFormulaText || cell.Clean() is not { } text) Text(column, 0);
            else if (Core.People.IdNumber.TryParse(text.Replace(" ", "", StringComparison.Ordinal), out var number) is var fault and not IdNumberFault.None) Bad(column, Explain(fault));
            else if (number.AgeOn(reader.Today) is < 0 or > OldestAge) Bad(column, new("出生日期不合理", "The birth date cannot be right"));
            else return number;
            return null;
        }

        private string? Phone()
        {
            if (Text(RegisterColumn.Phone, 30) is not { } text) return null;
            return PhoneNumber.Read(text) ?? Bad(RegisterColumn.Phone, new(
                "不是11位手机号，也不是带区号的固定电话", "Neither a mobile number of 11 digits nor a landline with its area code"));
        }

        private int? Township(string? householdPlace)
        {
            if (Text(RegisterColumn.Township, 50) is { Length: > 0 } named)
            {
                if (reader.Townships.Named(named) is { } code) return code;
                Bad(RegisterColumn.Township, new("本县没有这个乡镇", "The county has no such township"));
                return null;
            }
            return householdPlace is null ? null : reader.Townships.WithinAddress(householdPlace);
        }

        private string[]? Categories()
        {
            const RegisterColumn column = RegisterColumn.Categories;
            if (Text(column, PersonRecord.MostCategories * (PersonRecord.LongestCategory + 1)) is not { } text) return null;
            var categories = text.Split(CategorySeparators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Distinct(StringComparer.Ordinal).ToArray();
            if (categories.Length > PersonRecord.MostCategories)
                Bad(column, new($"超过 {PersonRecord.MostCategories} 个类别", $"More than {PersonRecord.MostCategories} categories"));
            if (categories.Any(category => category.EnumerateRunes().Count() > PersonRecord.LongestCategory))
                Bad(column, new($"有类别超过 {PersonRecord.LongestCategory} 字", $"A category is longer than {PersonRecord.LongestCategory} characters"));
            return categories;
        }

        private void CheckSex(IdNumber number)
        {
            if (Text(RegisterColumn.Sex, 10) is not { Length: > 0 } text) return;
            bool? isMale = text switch { "男" or "男性" => true, "女" or "女性" => false, _ => null };
            if (isMale is null) Bad(RegisterColumn.Sex, new("应为“男”或“女”", "Must be “男” or “女”"));
            else if (isMale != number.IsMale) Bad(RegisterColumn.Sex, new("与身份证号码不一致", "Contradicts the identity number"));
        }

        private void CheckAge(IdNumber number)
        {
            if (Text(RegisterColumn.Age, 10) is not { Length: > 0 } text) return;
            var digits = string.Concat(text.Select(FullWidth.ToAscii)).TrimEnd('岁', ' ');
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var age) || age > OldestAge)
                Bad(RegisterColumn.Age, new($"应为 0 到 {OldestAge} 的整数", $"Must be a whole number from 0 to {OldestAge}"));
            else if (Math.Abs(age - number.AgeOn(reader.Today)) > AgeSlack)
                Bad(RegisterColumn.Age, new($"与身份证号码相差超过 {AgeSlack} 岁", $"More than {AgeSlack} years off the identity number"));
        }
    }

    private HeaderRow Header => header;
    private TownshipNames Townships => townships;
    private DateOnly Today => today;

    private static readonly Words Formula = new("是公式，请粘贴为数值（文本）", "Is a formula; paste it as text");

    private static readonly Words Rounded = new(
        "身份证号码被Excel存成了数字，末几位已丢失，请把该列设为文本", "Excel stored the identity number as a number and lost its last digits; set the column to text");

    /// <summary>A number in the workbook, or its picture (6.22926E+17) in a CSV that Excel has saved.</summary>
    private static bool IsRounded(Cell cell) =>
        double.TryParse(cell.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value >= Cell.LosesDigits
        && (cell.IsNumber || cell.Text.Contains('E', StringComparison.OrdinalIgnoreCase));

    private static Words Explain(IdNumberFault fault) => fault switch
    {
        IdNumberFault.Empty => new("没有填写", "Not given"),
        IdNumberFault.WrongLength => new("不是18位", "Not 18 characters"),
        IdNumberFault.NotDigits => new("含有数字和末位X以外的字符", "Holds characters other than digits and a last X"),
        IdNumberFault.NoSuchDate => new("出生日期不存在", "The birth date does not exist"),
        IdNumberFault.WrongCheckCharacter => new("校验位不对，号码有误", "The check character is wrong: the number has an error"),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "Unknown fault."),
    };
}

/// <summary>Names as people type them: blanks inside a Chinese name are for looks, and dots come in many shapes.</summary>
public static class PersonNames
{
    private const string Dots = "·•‧・．∙";

    public static string Normalise(string name)
    {
        var dotted = string.Concat(name.Select(c => Dots.Contains(c) ? '·' : c));
        return dotted.Any(char.IsAsciiLetter) ? dotted : dotted.Replace(" ", "", StringComparison.Ordinal);
    }

    /// <summary>Letters of any script, rare characters in the private area among them, dots, dashes and blanks.</summary>
    public static bool IsName(string name) => name.EnumerateRunes().All(rune =>
        Rune.IsLetter(rune) || rune.Value is '·' or ' ' or '-' or '.' or '\''
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.PrivateUse or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
        && name.EnumerateRunes().Any(rune => Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.PrivateUse);
}
