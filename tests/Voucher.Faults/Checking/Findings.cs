namespace Voucher.Faults.Checking;

/// <summary>How grave a finding is called in the last line.</summary>
public enum FindingKind
{
    /// <summary>Something was acknowledged and is not there.</summary>
    Lost,

    /// <summary>Something was done twice.</summary>
    Doubled,

    /// <summary>Anything else that must not be.</summary>
    Violation,
}

/// <param name="Check">Short name of the check that found it.</param>
public sealed record Finding(FindingKind Kind, string Check, string What);

/// <summary>Everything that was found wrong; told as soon as it is found.</summary>
public sealed class Findings(TextWriter output)
{
    private readonly List<Finding> _all = [];
    private readonly Lock _turn = new();

    public IReadOnlyList<Finding> All
    {
        get
        {
            lock (_turn) return [.. _all];
        }
    }

    public int Count(FindingKind kind) => All.Count(finding => finding.Kind == kind);

    public void Lose(string check, string what) => Add(new Finding(FindingKind.Lost, check, what));

    public void Double(string check, string what) => Add(new Finding(FindingKind.Doubled, check, what));

    public void Violate(string check, string what) => Add(new Finding(FindingKind.Violation, check, what));

    private void Add(Finding finding)
    {
        lock (_turn)
        {
            if (_all.Contains(finding)) return;
            _all.Add(finding);
            output.WriteLine($"  {finding.Kind}: {finding.Check}: {finding.What}");
        }
    }
}
