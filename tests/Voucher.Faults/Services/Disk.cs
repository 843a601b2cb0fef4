using Voucher.Faults.Processes;

namespace Voucher.Faults.Services;

/// <summary>
/// A disk of its own for a part of PostgreSQL: a small ext4 in an image file, so that it can be filled up and so that its
/// power can be cut. Where the run may not mount it is a plain folder and can do neither.
/// </summary>
public sealed class Disk
{
    private readonly RunSettings _settings;
    private readonly string _image;

    private Disk(RunSettings settings, string name)
    {
        _settings = settings;
        _image = settings.PathTo($"{name}.img");
        Mount = settings.PathTo(name);
    }

    public string Mount { get; }

    /// <summary>Empty, for the service's account.</summary>
    public string Folder => Path.Combine(Mount, "content");

    /// <summary>Why it can be neither filled up nor cut off; <c>null</c> when it can.</summary>
    public string? Missing { get; private set; }

    private string Filler => Path.Combine(Mount, "filler");

    public static async Task<Disk> MakeAsync(RunSettings settings, string name, int megabytes)
    {
        var disk = new Disk(settings, name);
        Directory.CreateDirectory(disk.Mount);
        await disk.TryMountAsync(megabytes);
        Directory.CreateDirectory(disk.Folder);
        if (settings.ServiceAccount is var (user, group))
            await disk.RunAsync("chown", string.Create(CultureInfo.InvariantCulture, $"{user}:{group}"), disk.Folder);
        await disk.RunAsync("chmod", "700", disk.Folder);
        return disk;
    }

    private async Task TryMountAsync(int megabytes)
    {
        if (_settings.ServiceAccount is null)
        {
            Missing = "needs root";
            return;
        }
        try
        {
            await RunAsync("truncate", "-s", string.Create(CultureInfo.InvariantCulture, $"{megabytes}M"), _image);
            await RunAsync("mkfs.ext4", "-q", "-m", "0", _image);
            await MountAsync();
        }
        catch (Exception refused) when (refused is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            Missing = "mounting is not allowed here";
        }
    }

    /// <summary>Takes all room that is left, to the last block: <c>dd</c> ends with "no space left", as it should.</summary>
    public Task FillAsync() => RunAsync(
        "sh", "-c", "fallocate -l $(df --output=avail -B1 \"$0\" | tail -n 1) \"$1\"; dd if=/dev/zero bs=4k oflag=append conv=notrunc of=\"$1\" || true", Mount, Filler);

    public void Free() => File.Delete(Filler);

    /// <summary>
    /// What the device holds at this moment: all that was flushed, and nothing that only the system's memory knows of. Nobody
    /// may be writing.
    /// </summary>
    public Task CopyDeviceAsync() => RunAsync("cp", "--sparse=always", _image, $"{_image}.cut");

    /// <summary>Goes on with the copy, as after the power came back. No file of the disk may be open.</summary>
    public async Task ComeBackAsync()
    {
        await RunAsync("umount", Mount);
        File.Move($"{_image}.cut", _image, overwrite: true);
        await MountAsync();
        Free();
    }

    public async Task UnmountAsync()
    {
        if (Missing is null) await RunAsync("umount", "--lazy", Mount);
    }

    private Task MountAsync() => RunAsync("mount", "-o", "loop", _image, Mount);

    private Task RunAsync(params string[] command) => OwnProcess.RunAsync(_settings, _settings.PathTo("disk.log"), command);
}
