namespace Voucher.Server.Institutions.Accrediting;

/// <summary>An accreditation as recorded: applied for, inspected, decided, stopped.</summary>
public sealed record AccreditationRecord
{
    public AccreditationId Id { get; init; }
    public InstitutionId InstitutionId { get; init; }
    public string Institution { get; init; } = "";
    public Uscc Uscc { get; init; }
    public int Year { get; init; }

    /// <summary>From before there were accreditations year by year.</summary>
    public bool IsTakenOver { get; init; }
    public AccreditationState State { get; init; }
    public AccreditationProposal Proposal { get; init; }
    public string LicenceNo { get; init; } = "";
    public string LicenceAuthority { get; init; } = "";
    public DateOnly? LicenceFrom { get; init; }
    public DateOnly? LicenceUntil { get; init; }
    public string TenderNo { get; init; } = "";

    /// <summary>Applied for; 0 when not given yet.</summary>
    public int Capacity { get; init; }
    public int Rooms { get; init; }
    public int AreaM2 { get; init; }
    public int PracticePlaces { get; init; }
    public int Teachers { get; init; }

    /// <summary>Of the teachers of a draft: how many have left the pool, and who.</summary>
    public int TeachersLeft { get; init; }
    public string NamesLeft { get; init; } = "";
    public int Programmes { get; init; }
    public StaffId? SubmittedStaff { get; init; }
    public DateTimeOffset? SubmittedAt { get; init; }
    public DateOnly? InspectedOn { get; init; }
    public string Finding { get; init; } = "";
    public int? ApprovedCapacity { get; init; }
    public DateOnly? ValidFrom { get; init; }
    public DateOnly? ValidUntil { get; init; }
    public StaffId? VerdictProposedStaff { get; init; }
    public string VerdictReason { get; init; } = "";
    public StaffId? SuspendedStaff { get; init; }
    public DateTimeOffset? SuspendedAt { get; init; }
    public DateOnly? SuspendedUntil { get; init; }
    public string SuspensionReason { get; init; } = "";
    public StaffId? SuspensionConfirmedStaff { get; init; }
    public StaffId? WithdrawalProposedStaff { get; init; }
    public DateTimeOffset? WithdrawalProposedAt { get; init; }
    public string WithdrawalReason { get; init; } = "";

    public AccreditationDossier Dossier => new(
        Year, LicenceNo, LicenceAuthority, LicenceFrom, LicenceUntil, TenderNo, Capacity, Rooms, AreaM2, PracticePlaces, Teachers - TeachersLeft, Programmes)
    {
        TeachersLeft = NamesLeft,
    };

    public Accreditation Machine => new(State, Proposal, ProposedBy, SubmittedStaff, SuspensionConfirmedStaff is not null || IsSuspensionTakenOver);

    /// <summary>Suspended before there were accreditations, by nobody on record: it lasts until somebody lifts it.</summary>
    private bool IsSuspensionTakenOver => IsTakenOver && SuspendedAt is not null && SuspendedStaff is null;

    /// <summary>When a suspension or withdrawal that nobody has confirmed falls away.</summary>
    public DateTimeOffset? ConfirmBy => Proposal switch
    {
        AccreditationProposal.Suspend => SuspendedAt?.AddDays(Accreditation.ConfirmWithinDays),
        AccreditationProposal.Withdraw => WithdrawalProposedAt?.AddDays(Accreditation.ConfirmWithinDays),
        _ => null,
    };

    /// <summary>The suspension is over, or was not confirmed in time.</summary>
    public bool HasLapsedAt(DateTimeOffset now) => State == AccreditationState.Suspended
        && (ConfirmBy < now || Proposal != AccreditationProposal.Withdraw && SuspendedUntil < CountyTime.DayOf(now));

    private StaffId? ProposedBy => Proposal switch
    {
        AccreditationProposal.Grant or AccreditationProposal.Refuse => VerdictProposedStaff,
        AccreditationProposal.Suspend => SuspendedStaff,
        AccreditationProposal.Withdraw => WithdrawalProposedStaff,
        _ => null,
    };
}

/// <summary>A practice place (实训场地).</summary>
/// <param name="Places">How many people can practise there at once.</param>
public sealed record PracticePlace(string Name, string Address, int Places);

/// <summary>A programme that was applied for, or allowed, or both.</summary>
public sealed record AccreditedProgramme(int Code, string Name, string Trade, bool IsRequested, bool IsApproved);

/// <summary>A teacher named in the application.</summary>
/// <param name="HasLeft">The pool no longer has them.</param>
public sealed record NamedTeacher(TeacherId Id, string Name, TeacherSource Source, string Qualification, string Trades, bool HasLeft);

/// <summary>One step as it was taken.</summary>
/// <param name="By"><c>null</c>: no person; time had passed.</param>
public sealed record AccreditationStep(
    int Number, AccreditationCommand Command, AccreditationState FromState, AccreditationState ToState, DateTimeOffset At, string? By, string Reason, string Rule);

/// <summary>An accreditation with all that hangs on it.</summary>
public sealed record AccreditationDetail(
    AccreditationRecord Record, IReadOnlyList<PracticePlace> Places, IReadOnlyList<AccreditedProgramme> Programmes,
    IReadOnlyList<NamedTeacher> Teachers, IReadOnlyList<AccreditationStep> Steps);
