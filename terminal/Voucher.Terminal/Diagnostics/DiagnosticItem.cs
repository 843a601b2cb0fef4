using System.Text.Json.Serialization;
using Voucher.Core;
using Voucher.Core.Refusals;

namespace Voucher.Terminal.Diagnostics;

/// <summary>How one part does: 好, 注意 or 坏.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Health>))]
internal enum Health
{
    [JsonStringEnumMemberName("good")] Good = 0,

    /// <summary>It works; somebody should look at it.</summary>
    [JsonStringEnumMemberName("attention")] Attention = 1,

    /// <summary>It does not work, or will soon not.</summary>
    [JsonStringEnumMemberName("bad")] Bad = 2,
}

/// <summary>One line of the diagnostics page, made to be read aloud over the telephone.</summary>
/// <param name="Number">The same for ever, so that the county can ask for it. 2 and 3, camera and scanner, are the page's own.</param>
internal sealed record DiagnosticItem(int Number, Health Health, Words Title, Words Says);

internal sealed record DiagnosticReport(DateTimeOffset At, string Language, IReadOnlyList<DiagnosticItem> Items, JournalProgress Journal);

/// <summary>How far the check of the journals is.</summary>
/// <param name="Checked">Entries that were found right.</param>
/// <param name="Total">In all journals of this machine.</param>
/// <param name="Broken">Where the first journal breaks that is not whole, and why; <c>null</c> when none does.</param>
/// <param name="At">When it ended; <c>null</c> when it has not, or never was begun.</param>
internal sealed record JournalProgress(bool Running, long Checked, long Total, string? Broken, DateTimeOffset? At);
