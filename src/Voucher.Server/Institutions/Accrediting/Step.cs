namespace Voucher.Server.Institutions.Accrediting;

/// <summary>One step that the machine has allowed, on the way into the database.</summary>
/// <param name="Known">As it stood under its lock.</param>
/// <param name="Next">As the machine wants it.</param>
/// <param name="By"><c>null</c>: nobody; time has passed.</param>
public sealed record Step(
    NpgsqlConnection Connection, NpgsqlTransaction Transaction, AccreditationRecord Known, Accreditation Next, AccreditationCommand Command,
    StaffId? By, AccountId? Account, string Reason, Rule Rule, DateTimeOffset Now)
{
    public DateOnly Today => CountyTime.DayOf(Now);

    /// <summary>The parameters of the guard, and others beside them.</summary>
    public DynamicParameters With(object? also)
    {
        var parameters = new DynamicParameters(also);
        parameters.AddDynamicParams(new
        {
            Known.Id, FromState = (short)Known.State, FromProposal = (short)Known.Proposal,
            ToState = (short)Next.State, ToProposal = (short)Next.Proposal, Now,
        });
        return parameters;
    }
}
