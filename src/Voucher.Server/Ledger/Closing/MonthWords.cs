using Voucher.Core.Settling;

namespace Voucher.Server.Ledger.Closing;

/// <summary>States of a month and of a correction by name.</summary>
public static class MonthWords
{
    public static Words Name(this MonthState state) => state switch
    {
        MonthState.Open => new("未结", "Open"),
        MonthState.Proposed => new("待审批", "Waiting for a second person"),
        MonthState.Closed => new("已月结", "Closed"),
        MonthState.SentBack => new("已退回", "Sent back"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown state of a month."),
    };

    public static Words Name(this CorrectionState state) => state switch
    {
        CorrectionState.None => new("无", "None"),
        CorrectionState.Proposed => new("待审批", "Waiting for a second person"),
        CorrectionState.Posted => new("已更正", "Posted"),
        CorrectionState.Refused => new("不予更正", "Refused"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown state of a correction."),
    };
}
