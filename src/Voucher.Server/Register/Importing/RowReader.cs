using System.Globalization;
using System.Text;

namespace Voucher.Server.Register.Importing;

/// <summary>One thing wrong with one row.</summary>
/// <param name="Column">Title of the column, as in the form.</param>
public sealed record RowProblem(string Column, Words Reason);

/// <summary>Why a row that can be read is not simply taken. Numbers are stored: they never change meaning.</summary>
public enum RowDoubt
{
    None = 0,

    /// <summary>The number is known under another name.</summary>
    OtherName = 1,

    /// <summary>An old number of 15 digits.</summary>
    OldNumber = 2,

    /// <summary>Only the check character is wrong.</summary>
    WrongCheck = 3,
}

/// <summary>What a row came to.</summary>
/// <param name="Statement">What the row says, unless something is wrong with it; of a doubtful row with the number that is meant.</param>
/// <param name="NumberProblem">Of a doubtful row: what is wrong with it when nobody has the number that is meant.</param>
public sealed record RowReading(int Row, PersonStatement? Statement, RowDoubt Doubt, Words? NumberProblem, IReadOnlyList<RowProblem> Problems);

/// <summary>
/// Reads one row into a statement, or says all that is wrong with it. Sex, birth date and age serve to check the identity number and are
/// then taken from it: a sex that contradicts it is an error; so is an age more than <see cref="AgeSlack"/> years off (lists
/// are a year or two old and count years differently).
/// </summary>
public sealed class RowReader(HeaderRow header, RegisterNames names, DateOnly today)
{
    public const int AgeSlack = 3;
    public const int OldestAge = 120;
    private static readonly char[] Separators = ['、', '，', ',', '；', ';', '/', '|'];

    public RowReading Read(SheetRow row) => new Reading(this, row).Run();

    /// <summary>The reading of one row: gathers problems as it goes.</summary>
    private sealed class Reading(RowReader reader, SheetRow row)
    {
        private readonly List<RowProblem> _problems = [];

        private RowDoubt _doubt;
        private Words? _numberProblem;

        public RowReading Run()
        {
            var number = Number();
            var statement = number is { } holder ? Statement(holder) : Statement(null);
            return _problems.Count > 0 || statement is null
                ? new(row.Number, null, RowDoubt.None, null, _numberProblem is null ? _problems : [.. _problems, new(RegisterColumn.IdNumber.Title(), _numberProblem)])
                : new(row.Number, statement, _doubt, _numberProblem, []);
        }

        /// <summary>Also without a number every column is read: the clerk wants all that is wrong at once.</summary>
        private PersonStatement? Statement(IdNumber? number)
        {
            var name = Name();
            var education = Text(RegisterColumn.Education, PersonRecord.LongestEducation);
            var phone = Phone();
            var place = Text(RegisterColumn.HouseholdPlace, PersonRecord.LongestHouseholdPlace);
            var kind = Text(RegisterColumn.HouseholdKind, PersonRecord.LongestHouseholdKind);
            var employer = Text(RegisterColumn.PledgedEmployer, PersonRecord.LongestPledgedEmployer);
            var township = Township(place);
            var categories = Categories();
            // An address that names no township says nothing of it; an own column that is empty empties it.
            var saysTownship = township is not null || Has(RegisterColumn.Township);
            var statement = new PersonStatement(number ?? default, name, education, phone, saysTownship, township, place, kind, employer, categories)
            {
                HouseholdNumber = HouseholdNumber(),
                Relation = Text(RegisterColumn.Relation, PersonRecord.LongestRelation),
                LabourAbility = Word(RegisterColumn.LabourAbility, LabourAbilities.Read, LabourAbilities.All.Select(ability => ability.Name().Zh)),
                SaysVillage = Has(RegisterColumn.Village),
                Village = Village(township),
                Employment = Word(RegisterColumn.Employment, EmploymentStates.Read, EmploymentStates.All.Select(state => state.Name().Zh)),
                WishTrades = Wishes(),
            };
            if (number is not { } known) return null;
            return IsContradicted(known) ? null : statement;
        }

        /// <summary>Where the check character is wrong, too, nobody knows whom the row means: the number alone is what is wrong.</summary>
        private bool IsContradicted(IdNumber number)
        {
            var before = _problems.Count;
            CheckSex(number);
            CheckBirthDate(number);
            CheckAge(number);
            if (_numberProblem is null || _problems.Count == before) return false;
            _problems.RemoveRange(before, _problems.Count - before);
            return true;
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
            if (At(RegisterColumn.Name).IsFormula) return Bad(RegisterColumn.Name, NumberCell.Formula);
            var before = _problems.Count;
            var name = PersonNames.Normalise(Text(RegisterColumn.Name, PersonName.LongestLength)!);
            if (_problems.Count > before) return "";
            if (name.Length == 0) return Bad(RegisterColumn.Name, new("没有填写", "Not given"));
            return PersonNames.IsName(name) ? name : Bad(RegisterColumn.Name, new("含有数字或符号", "Holds digits or symbols"));
        }

        private IdNumber? Number()
        {
            var cell = At(RegisterColumn.IdNumber);
            if (NumberCell.Read(cell, out var number) is { } problem)
            {
                if (NumberCell.ReadOld(cell) is { } old) (number, _doubt) = (old, RowDoubt.OldNumber);
                else if (NumberCell.ReadWithoutCheck(cell) is { } meant) (number, _doubt, _numberProblem) = (meant, RowDoubt.WrongCheck, problem);
                else { Bad(RegisterColumn.IdNumber, problem); return null; }
            }
            if (number.AgeOn(reader.Today) is >= 0 and <= OldestAge) return number;
            Bad(RegisterColumn.IdNumber, new("出生日期不合理", "The birth date cannot be right"));
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
                if (reader.Names.Townships.Named(named) is { } code) return code;
                Bad(RegisterColumn.Township, new("本县没有这个乡镇", "The county has no such township"));
                return null;
            }
            return householdPlace is null ? null : reader.Names.Townships.WithinAddress(householdPlace);
        }

        private string[]? Categories()
        {
            const RegisterColumn column = RegisterColumn.Categories;
            if (Text(column, PersonRecord.MostCategories * (PersonRecord.LongestCategory + 1)) is not { } text) return null;
            var categories = CategoryNames.Split(text).Distinct(StringComparer.Ordinal).ToArray();
            if (categories.Length > PersonRecord.MostCategories)
                Bad(column, new($"超过 {PersonRecord.MostCategories} 个类别", $"More than {PersonRecord.MostCategories} categories"));
            if (categories.Any(category => category.EnumerateRunes().Count() > PersonRecord.LongestCategory))
                Bad(column, new($"有类别超过 {PersonRecord.LongestCategory} 字", $"A category is longer than {PersonRecord.LongestCategory} characters"));
            return categories;
        }

        private string? HouseholdNumber()
        {
            if (Text(RegisterColumn.HouseholdNumber, PersonRecord.LongestHouseholdNumber) is not { } text) return null;
            var plain = string.Concat(text.Select(FullWidth.ToAscii)).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
            return plain.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
                ? plain
                : Bad(RegisterColumn.HouseholdNumber, new("只能有字母、数字和短横", "Only letters, digits and dashes"));
        }

        /// <summary>One of a few words; <c>null</c> when the sheet has no such column.</summary>
        private T? Word<T>(RegisterColumn column, Func<string, T?> read, IEnumerable<string> words) where T : struct
        {
            if (Text(column, 30) is not { } text) return null;
            if (read(text) is { } value) return value;
            Bad(column, new($"应为：{string.Join('、', words.Skip(1))}", $"Must be one of: {string.Join(", ", words.Skip(1))}"));
            return null;
        }

        private PlaceCode? Village(int? township)
        {
            if (Text(RegisterColumn.Village, 50) is not { Length: > 0 } text) return null;
            if (reader.Names.Villages.Named(text, township) is { } village)
            {
                if (township is null || village.Township == township || !Has(RegisterColumn.Township)) return village;
                Bad(RegisterColumn.Village, new("不在所填的乡镇", "Not in the township given"));
            }
            else Bad(RegisterColumn.Village, new("本县没有这个村，或几个乡镇都有：请填12位代码或同时填乡镇", "The county has no such village, or several: give the 12 digits or the township too"));
            return null;
        }

        private int[]? Wishes()
        {
            const RegisterColumn column = RegisterColumn.Wishes;
            if (Text(column, PersonRecord.MostWishes * 30) is not { } text) return null;
            List<int> trades = [];
            foreach (var wish in text.Split(Separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                if (reader.Names.Trade(wish) is { } trade) trades.Add(trade);
                else Bad(column, new("有不存在的工种", "A trade does not exist"));
            var distinct = trades.Distinct().Order().ToArray();
            if (distinct.Length > PersonRecord.MostWishes)
                Bad(column, new($"超过 {PersonRecord.MostWishes} 个工种", $"More than {PersonRecord.MostWishes} trades"));
            return distinct;
        }

        private void CheckBirthDate(IdNumber number)
        {
            if (Text(RegisterColumn.BirthDate, 20) is not { Length: > 0 } text) return;
            if (DateText.Read(text, reader.Header.Dates) is not { } date)
                Bad(RegisterColumn.BirthDate, new("不是日期，应如 1985-03-12", "Not a date such as 1985-03-12"));
            else if (!date.Fits(number.BirthDate)) Bad(RegisterColumn.BirthDate, new("与身份证号码不一致", "Contradicts the identity number"));
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
    private RegisterNames Names => names;
    private DateOnly Today => today;
}
