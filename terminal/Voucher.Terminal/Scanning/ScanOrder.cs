using Voucher.Core;
using Voucher.Core.People;
using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;

namespace Voucher.Terminal.Scanning;

/// <summary>What the page asks for. Either the digits of a QR or a typed short code.</summary>
/// <param name="ScanId">Made by the page, so that a request repeated after a lost response is the same scan.</param>
/// <param name="IdNumber">Goes no further than this process: compared, reduced to 16 bits, and forgotten.</param>
internal sealed record ScanOrder(Guid? ScanId, ScanMode Mode, long ClassId, string? Digits, string? ShortCode, string? IdNumber)
{
    /// <summary>Every field that cannot be used, and why.</summary>
    public List<FieldError> Check()
    {
        var errors = new List<FieldError>();
        if (!Enum.IsDefined(Mode)) errors.Add(new("mode", new("请选择报到、签到、签退或结业。", "Choose enroll, check in, check out or complete.")));
        if (ClassId <= 0) errors.Add(new("classId", new("请选择班级。", "Choose a class.")));
        if (ScanId == Guid.Empty) errors.Add(new("scanId", new("扫码编号不能为空。", "The scan id is empty.")));
        CheckCode(errors);
        CheckIdNumber(errors);
        return errors;
    }

    private void CheckCode(List<FieldError> errors)
    {
        if (Digits is null == ShortCode is null)
            errors.Add(new("digits", new("请扫二维码，或输入短码，二者取一。", "Scan the QR code or type the short code, one of the two.")));
        if (Digits is { Length: > ScanLimits.LongestDigits })
            errors.Add(new("digits", new($"内容超过 {ScanLimits.LongestDigits} 个字符。", $"Longer than {ScanLimits.LongestDigits} characters.")));
        if (ShortCode is null) return;
        if (ShortCode.Length > ScanLimits.LongestShortCode || !Voucher.Core.Tokens.ShortCode.TryParse(ShortCode, out _))
            errors.Add(new("shortCode", new("短码是12位数字，请核对后重新输入。", "The short code has 12 digits; check them and type again.")));
    }

    private void CheckIdNumber(List<FieldError> errors)
    {
        if (string.IsNullOrWhiteSpace(IdNumber)) return;
        var fault = IdNumber.Length > ScanLimits.LongestIdNumber ? IdNumberFault.WrongLength : Voucher.Core.People.IdNumber.TryParse(IdNumber, out _);
        if (fault != IdNumberFault.None) errors.Add(new("idNumber", Explain(fault)));
    }

    private static Words Explain(IdNumberFault fault) => fault switch
    {
        IdNumberFault.WrongLength => new("身份证号码应为18位。", "An identity number has 18 characters."),
        IdNumberFault.NotDigits => new("身份证号码只有数字，最后一位可以是X。", "An identity number is digits; the last may be X."),
        IdNumberFault.NoSuchDate => new("身份证号码中的出生日期不对。", "The birth date in the identity number does not exist."),
        _ => new("身份证号码有误，请核对。", "The identity number is wrong; check it."),
    };
}
