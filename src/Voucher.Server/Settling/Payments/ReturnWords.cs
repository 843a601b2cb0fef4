using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Payments;

/// <summary>What is wrong with a row of a return, and what to do.</summary>
public static class ReturnWords
{
    public static Words Name(this ReturnFinding finding) => finding switch
    {
        ReturnFinding.Good => new("可入账", "Can be booked"),
        ReturnFinding.AlreadyBooked => new("已入账", "Booked before"),
        ReturnFinding.UnknownRow => new("不是本系统的流水号", "Not a reference of ours"),
        ReturnFinding.UnknownStatus => new("状态字样不认识", "Unknown status word"),
        ReturnFinding.UnreadableAmount => new("金额读不出", "Unreadable amount"),
        ReturnFinding.TwiceInFile => new("文件内重复", "Twice in the file"),
        ReturnFinding.Cancelled => new("批次已取消或此行已移出", "Payment cancelled or row taken out"),
        ReturnFinding.NotSent => new("此行还没有送交银行", "Row not handed to the bank"),
        ReturnFinding.OtherAttempt => new("不是这一次的答复", "Answers another attempt"),
        ReturnFinding.AttemptNotNamed => new("重发过的行，回盘没有写明第几次", "Sent more than once, and the return does not name the attempt"),
        ReturnFinding.OtherPayee => new("收款账号或户名不符", "Other account or name"),
        ReturnFinding.MoreThanSent => new("金额多于送交数", "More than was sent"),
        ReturnFinding.OtherAmount => new("金额与送交数不符", "Other amount than was sent"),
        ReturnFinding.Contradicts => new("与已入账的答复相反", "Contradicts what is booked"),
        ReturnFinding.TakenBack => new("款项已被追回", "Taken back meanwhile"),
        _ => throw new ArgumentOutOfRangeException(nameof(finding), finding, "Unknown finding."),
    };

    public static Words NextStep(this ReturnFinding finding) => finding switch
    {
        ReturnFinding.Good or ReturnFinding.AlreadyBooked => new("不需要处理", "Nothing to do"),
        ReturnFinding.UnknownRow => new("问银行这一笔是谁的；不是本县的，请银行更正回盘", "Ask the bank whose it is; if it is not the county's, have the return corrected"),
        ReturnFinding.UnknownStatus => new("问银行含义，请系统管理员把字样写进格式文件", "Ask the bank, and have the operator add the word to the format"),
        ReturnFinding.UnreadableAmount => new("核对格式里的金额列和单位", "Check the format's column and unit"),
        ReturnFinding.TwiceInFile => new("请银行说明付了几次；多付的按退汇或追回办理", "Ask the bank how often it paid; treat what is too much as returned or to be recovered"),
        ReturnFinding.Cancelled => new("银行付了不该付的款：请银行退回，退回前留作差异", "The bank paid what was withdrawn: have it returned; until then it stays a difference"),
        ReturnFinding.NotSent => new("先查是谁送交的文件，再登记送交", "Find out who handed the file over, then record it"),
        ReturnFinding.OtherAttempt => new("核对是否旧回盘；银行付了两次的，请退回一次", "See whether it is an old return; if the bank paid twice, have one returned"),
        ReturnFinding.AttemptNotNamed => new("问银行答的是哪一次：付了的凭回单登记，没付的由两人登记未付", "Ask the bank which attempt it means: what was paid is recorded by its receipt, what was not by two persons"),
        ReturnFinding.OtherPayee => new("请银行核对实际收款人，付错的退回", "Have the bank check who got it, and return what went wrong"),
        ReturnFinding.MoreThanSent => new("多付部分请银行退回", "Have the bank return what is too much"),
        ReturnFinding.OtherAmount => new("请银行核对金额；只付一部分的应回“部分成功”", "Have the bank check; a part must be answered as partly"),
        ReturnFinding.Contradicts => new("向银行要凭证：付后退回的应回“退汇”", "Ask for the document: what was returned after payment is answered so"),
        ReturnFinding.TakenBack => new("款项已到账而券已追回：按追回程序作应收办理", "It was paid although taken back: recover it as a receivable"),
        _ => throw new ArgumentOutOfRangeException(nameof(finding), finding, "Unknown finding."),
    };
}
