using Voucher.Core.Wire;

namespace Voucher.Server.Terminals;

/// <summary>The fleet as a list: narrowed to an institution or a trouble, and in the order in which somebody should look.</summary>
public static class FleetList
{
    /// <summary>Value of the filter for all that are in any trouble.</summary>
    public const string AnyTrouble = "any";

    public static IEnumerable<TerminalsModel.Line> Choose(IEnumerable<TerminalsModel.Line> all, int? institution, string? trouble) => all
        .Where(line => IsChosen(line, institution, trouble))
        .OrderBy(line => line.Terminal.Status != TerminalStatus.Pending)
        .ThenBy(line => line.Terminal.Status == TerminalStatus.Revoked)
        .ThenBy(line => line.Troubles.Count > 0 ? (int)line.Troubles[0].Kind : int.MaxValue)
        .ThenBy(line => line.Terminal.InstitutionName, StringComparer.Ordinal)
        .ThenBy(line => line.Terminal.Name, StringComparer.Ordinal);

    public static bool IsTrouble(string? trouble) =>
        trouble == AnyTrouble || Enum.GetNames<TroubleKind>().Contains(trouble, StringComparer.Ordinal);

    private static bool IsChosen(TerminalsModel.Line line, int? institution, string? trouble) =>
        (institution is null || line.Terminal.InstitutionId.Value == institution)
        && trouble switch
        {
            null => true,
            AnyTrouble => line.Troubles.Count > 0,
            var kind => line.Troubles.Any(one => one.Kind.ToString() == kind),
        };
}
