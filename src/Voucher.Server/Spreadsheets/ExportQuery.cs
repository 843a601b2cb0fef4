using System.Globalization;
using Voucher.Server.Api;
using Voucher.Server.Register;

namespace Voucher.Server.Spreadsheets;

/// <summary>
/// What is asked of an export: by whom, in which language, and the fields by which the list on the screen is narrowed. An
/// export reads each field by its name here; what it reads stands on the sheet “说明” and, without anything personal, in the
/// audit trail.
/// </summary>
public sealed class ExportQuery(Actor actor, string language, DateTimeOffset now, IReadOnlyDictionary<string, string> fields)
{
    private readonly FieldReader _read = new();
    private readonly List<(Words Label, string Value)> _shown = [];
    private readonly List<string> _trail = [];

    public Actor Actor => actor;
    public string Language => language;
    public DateTimeOffset Now => now;
    public DateOnly Today => CountyTime.DayOf(now);

    /// <summary>Fields that cannot be read; with one of them nothing is exported.</summary>
    public IReadOnlyList<FieldError> Errors => _read.Errors;

    /// <summary>How the list is narrowed, for the reader of the file.</summary>
    public IReadOnlyList<(Words Label, string Value)> Shown => _shown;

    /// <summary>The same for the audit trail: nothing of a person.</summary>
    public string Trail => string.Join(' ', _trail);

    /// <summary>Why whole identity numbers are wanted; set by <see cref="Reason"/>.</summary>
    public string? WhyUnmasked { get; private set; }

    /// <summary>A whole number; none when the field is empty.</summary>
    public int? Number(string name)
    {
        var number = _read.OptionalNumber(name, Given(name), 0, int.MaxValue);
        if (number is { } known) _trail.Add(string.Create(CultureInfo.InvariantCulture, $"{name}={known}"));
        return number;
    }

    /// <summary>A code of up to twelve digits, such as a village's; none when the field is empty.</summary>
    public long? Code(string name)
    {
        if (Given(name) is not { } text) return null;
        if (text.Length <= 12 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            _trail.Add($"{name}={text}");
            return code;
        }
        _read.Fault(name, new("编号不对", "Not a number"));
        return null;
    }

    /// <summary>The number of what the list belongs to, such as a class; 0, which nothing has, when it is none.</summary>
    public long Id(string name)
    {
        if (long.TryParse(Given(name), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            _trail.Add(string.Create(CultureInfo.InvariantCulture, $"{name}={id}"));
            return id;
        }
        _read.Fault(name, new("编号不对", "Not a number"));
        return 0;
    }

    public DateOnly? Day(string name)
    {
        if (Given(name) is not { } text) return null;
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day.Year is < 2016 or > 2100)
        {
            _read.Fault(name, new("请选择日期（2016 至 2100 年）", "Give a date from 2016 to 2100"));
            return null;
        }
        _trail.Add($"{name}={text}");
        return day;
    }

    /// <summary>One of a few by its name; none when the field is empty.</summary>
    public T? Choice<T>(string name) where T : struct, Enum
    {
        if (Given(name) is not { } text) return null;
        foreach (var choice in Enum.GetValues<T>())
        {
            if (choice.ToString() != text) continue;
            _trail.Add($"{name}={text}");
            return choice;
        }
        _read.Fault(name, new("没有这个选项", "There is no such choice"));
        return null;
    }

    /// <summary>A word of the county's own, such as a category; none when the field is empty.</summary>
    public string? Word(string name, int longest = 50)
    {
        var word = _read.Text(name, Given(name), longest, isOptional: true);
        if (word.Length == 0 || !_read.IsClean(name)) return null;
        _trail.Add($"{name}={word}");
        return word;
    }

    /// <summary>A name or whatever else is a person's: the trail keeps that it was asked for, not what.</summary>
    public string? Personal(string name, int longest = 50)
    {
        var text = _read.Text(name, Given(name), longest, isOptional: true);
        if (text.Length == 0 || !_read.IsClean(name)) return null;
        _trail.Add($"{name}=***");
        return text;
    }

    public bool Flag(string name)
    {
        if (Given(name) != "true") return false;
        _trail.Add(name);
        return true;
    }

    /// <summary>The ground for whole identity numbers; the trail keeps it as that of one person's unmasking.</summary>
    public void Reason(string name)
    {
        var reason = _read.Text(name, Given(name), Unmasking.LongestReason);
        if (_read.IsClean(name) && Unmasking.ProblemOf(reason) is { } problem) _read.Fault(name, problem);
        WhyUnmasked = reason;
    }

    /// <summary>For an export whose fields are read elsewhere.</summary>
    public void Fault(FieldError error) => _read.Fault(error.Field, error.Problem);

    /// <summary>Says on the sheet “说明” how the list is narrowed; empty is not said.</summary>
    public void Show(string zh, string en, string? value)
    {
        if (!string.IsNullOrEmpty(value)) _shown.Add((new(zh, en), value));
    }

    public void Show(string zh, string en, Words? value) => Show(zh, en, value?.In(language));

    private string? Given(string name) => fields.TryGetValue(name, out var given) && given.Length > 0 ? given : null;
}
