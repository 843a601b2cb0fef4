using Voucher.Server.Classes.Certificates;
using Voucher.Server.Institutions;
using Voucher.Server.Programmes;
using Voucher.Server.Supervising;

namespace Voucher.Server.Classes;

public static class ClassesSetup
{
    /// <summary>Who teaches, what is taught, the classes themselves, and the county's eye on them.</summary>
    public static void AddTraining(this IServiceCollection services)
    {
        services.AddSingleton<InstitutionStore>().AddSingleton<SaveInstitution>();
        services.AddSingleton<ProgrammeStore>().AddSingleton<SaveProgramme>();
        services.AddProgrammes();
        services.AddSingleton<ClassStore>().AddSingleton<RosterStore>().AddSingleton<AttendanceSheets>();
        services.AddSingleton<RateStore>();
        services.AddSingleton<OpenClass>().AddSingleton<DecideClass>().AddSingleton<RecordAssessments>().AddSingleton<WithdrawTrainee>();
        services.AddSingleton<SpotCheckStore>().AddSingleton<RecordSpotCheck>().AddSingleton<AddPhoto>().AddSingleton<PhotoStore>();
        services.AddSingleton<CertificateStore>().AddSingleton<IssueCertificates>().AddSingleton<RecordCertificates>().AddSingleton<UploadCertificates>();
        services.AddSingleton<VoidCertificate>().AddSingleton<CertificatesPdf>();
        services.AddSingleton<SpotCheckStore>().AddSingleton<RecordSpotCheck>();
    }
}
