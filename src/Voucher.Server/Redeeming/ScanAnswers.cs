using Voucher.Core.Fraud;
using Voucher.Core.Wire;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Redeeming;

/// <summary>Words of the answers.</summary>
public static class ScanAnswers
{
    public static ScanAnswer Accepted(PresentedScan presented, StoredVoucher stored, ScannedClass scanned, int receipt) => new(
        presented.Scan.ScanId, Accepted: true, Refusal: 0,
        Said(presented.Scan.Mode), Next(presented.Scan.Mode, stored.Voucher.Hold), Rule: null,
        stored.Voucher.Id.ToString(), PersonName.Masked(stored.Holder), scanned.Programme, scanned.Name, receipt, presented.ReceivedAt);

    public static ScanAnswer Refused(PresentedScan presented, Refusal refusal, StoredVoucher? stored = null, ScannedClass? scanned = null) => new(
        presented.Scan.ScanId, Accepted: false, (int)refusal.Code, refusal.Reason, refusal.NextStep, refusal.Rule?.ToString(),
        stored?.Voucher.Id.ToString(), stored is null ? null : PersonName.Masked(stored.Holder),
        scanned?.Programme, scanned?.Name, Receipt: null, presented.ReceivedAt);

    private static Words Said(ScanMode mode) => mode switch
    {
        ScanMode.Enrol => new("报到成功", "Enrolled"),
        ScanMode.CheckIn => new("签到成功", "Checked in"),
        ScanMode.CheckOut => new("签退成功", "Checked out"),
        ScanMode.Complete => new("结业成功，培训券已交付", "Completed; the voucher is handed over"),
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Unknown scan mode."),
    };

    /// <summary>Attendance of a voucher that is held goes on, and says so: completion will wait for the county.</summary>
    private static Words Next(ScanMode mode, VoucherHold? hold) => hold is null ? Next(mode) : new Words(
        $"请照常上课。此券正在核对（案号 {hold.CaseNumber}），结业前请等县人社局答复。",
        $"Go on with the course. The voucher is being checked (case {hold.CaseNumber}); completion waits for the county's answer.");

    private static Words Next(ScanMode mode) => mode switch
    {
        ScanMode.Enrol => new("请把券还给持券人，每次上课都要签到、签退。", "Give the voucher back; it is scanned at every session."),
        ScanMode.CheckIn => new("请进教室上课，课后签退。", "Go in; check out after the session."),
        ScanMode.CheckOut => new("辛苦了，请慢走。", "Thank you, see you next time."),
        ScanMode.Complete => new("请收下培训券，凭券向县人社局申报结算。", "Keep the voucher; it is claimed from the county."),
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Unknown scan mode."),
    };
}
