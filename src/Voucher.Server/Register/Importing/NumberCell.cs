using System.Globalization;

namespace Voucher.Server.Register.Importing;

/// <summary>Reads the cell of an identity number, in a 花名册 or in another office's list.</summary>
public static class NumberCell
{
    /// <summary>What is wrong with the cell; <c>null</c> with the number when nothing is.</summary>
    public static Words? Read(Cell cell, out IdNumber number)
    {
        number = default;
        if (cell.IsFormula) return Formula;
        if (IsRounded(cell)) return Rounded;
        if (cell.IsFormulaText) return new("以“=”开头，像是公式", "Begins with “=”, like a formula");
        if (cell.Clean() is not { } text) return new("含有不可见的控制字符或残缺字符", "Holds control characters or broken ones");
        var fault = IdNumber.TryParse(WithoutBlanks(text), out number);
        return fault == IdNumberFault.None ? null : Explain(fault);
    }

    /// <summary>The present number of an old one of 15 digits; <c>null</c> when the cell holds something else.</summary>
    public static IdNumber? ReadOld(Cell cell) =>
        !cell.IsFormula && cell.Clean() is { } text && !OldIdNumber.IsRatherCutOff(WithoutBlanks(text))
        && OldIdNumber.TryConvert(WithoutBlanks(text), out var number) == IdNumberFault.None
            ? number
            : null;

    /// <summary>The number that the first 17 digits ask for, where only the check character is wrong.</summary>
    public static IdNumber? ReadWithoutCheck(Cell cell)
    {
        if (cell.IsFormula || IsRounded(cell) || cell.Clean() is not { } text) return null;
        var digits = string.Concat(WithoutBlanks(text).Select(FullWidth.ToAscii)).ToUpperInvariant();
        if (IdNumber.TryParse(digits, out _) != IdNumberFault.WrongCheckCharacter) return null;
        return IdNumber.Parse(digits[..17] + IdNumber.CheckCharacter(digits));
    }

    public static readonly Words Formula = new("是公式，请粘贴为数值（文本）", "Is a formula; paste it as text");

    private static readonly Words Rounded = new(
        "身份证号码被Excel存成了数字，末几位已丢失，请把该列设为文本", "Excel stored the identity number as a number and lost its last digits; set the column to text");

    private static string WithoutBlanks(string text) => text.Replace(" ", "", StringComparison.Ordinal);

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
