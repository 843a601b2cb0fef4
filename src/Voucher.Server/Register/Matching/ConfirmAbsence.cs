using Voucher.Server.Api;

namespace Voucher.Server.Register.Matching;

/// <summary>
/// A complete list that lacks many who stood in the earlier ones may be a wrong file or an addition called complete. Another
/// person than whoever handed it in says that they are really not in it; until then their hits stand.
/// </summary>
public sealed class ConfirmAbsence(AbsenceStore absences, TimeProvider clock)
{
    /// <returns>How many hits ended.</returns>
    public async Task<Outcome<int>> RunAsync(Actor actor, long run, string? reason)
    {
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Of(RefusalCode.ReasonMissing);
        var read = new FieldReader();
        var why = PlainReason.Read(read, reason);
        if (read.Errors.Count > 0) return read.Errors;
        return await absences.ConfirmAsync(run, why, actor, clock.GetUtcNow());
    }
}
