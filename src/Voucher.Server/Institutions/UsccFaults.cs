namespace Voucher.Server.Institutions;

/// <summary>What is wrong with a unified social credit code, said so that a clerk can mend it.</summary>
public static class UsccFaults
{
    public static Words Explain(UsccFault fault) => fault switch
    {
        UsccFault.Empty => new("请填写统一社会信用代码", "Give the unified social credit code"),
        UsccFault.WrongLength => new("统一社会信用代码应为18位", "The code has 18 characters"),
        UsccFault.ForeignCharacter => new(
            "统一社会信用代码只含数字和大写字母，不含 I、O、S、V、Z", "The code has digits and letters only, without I, O, S, V, Z"),
        UsccFault.WrongCheckCharacter => new(
            "校验位不符：请核对是否有一位写错", "The last character does not check: one character is probably wrong"),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "Not a fault."),
    };
}
